// Going on after the messages that wait have been heard. A browser's setTimeout waits 4 ms once it
// is nested; a message to oneself does not.

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

export function soon(next: () => void): void {
  waiting.push(next);
  channel.port2.postMessage(null);
}
