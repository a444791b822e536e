// The script of the checker, one for both hosts: Node runs it as a worker thread; the language
// server in a browser chooses what runs it from what it leaves behind.
import './checkerNode.ts';

export { createLocalPort, listenAsWorker } from './checkerBrowser.ts';
