// `mmlock`, the command line: the same core as in an editor, for terminals and for CI.
import { main } from './cli/main.ts';
import { runAsProcess } from './cli/process.ts';

runAsProcess((console) => main(process.argv.slice(2), console));
