// Going on after the messages that wait have been heard. A browser's setTimeout waits 4 ms once it
// is nested; a message to oneself does not.

const waiting: (() => void)[] = [];
/** Opened when it is first needed: an open one keeps a thread of Node from ending. */
let toSelf: MessagePort | undefined;

export function soon(next: () => void): void {
  waiting.push(next);
  toSelf ??= opened();
  toSelf.postMessage(null);
}

function opened(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}
