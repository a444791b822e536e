// The packaged extension with the web extension host, in VS Code for the Web.
import { journey } from './journey.ts';
import { startWebHost } from './hosts.ts';

journey('web-host', startWebHost);
