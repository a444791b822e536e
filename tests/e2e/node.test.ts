// The packaged extension with the Node extension host, in a VS Code server.
import { journey } from './journey.ts';
import { startNodeHost } from './hosts.ts';

journey('node-host', startNodeHost);
