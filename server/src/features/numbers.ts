// Numbers as people read them, in lenses, hovers and messages.

/** Narrow no-break space: what ISO 80000 puts between groups of three digits. */
export const THIN_SPACE = '\u202f';

/** `1204` as `1 204`. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);
}

/** `4 ms`, `1.3 s`, `95 s`; below a millisecond `<1 ms`. */
export function elapsed(ms: number): string {
  if (ms < 1) return '<1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${ms < 10_000 ? (ms / 1000).toFixed(1) : grouped(ms / 1000)} s`;
}

/** `1 GiB`, `512 MiB`. */
export function memory(bytes: number): string {
  const mib = bytes / 2 ** 20;
  if (mib < 1) return `${grouped(bytes / 1024)} KiB`;
  return mib >= 1024 && mib % 1024 === 0 ? `${grouped(mib / 1024)} GiB` : `${grouped(mib)} MiB`;
}

/** A duration of the language: `120 ns`, `2.4 s`. */
export function duration(ns: number): string {
  const units = [['s', 1e9], ['ms', 1e6], ['us', 1e3]] as const;
  const [unit, size] = units.find((each) => ns >= each[1]) ?? ['ns', 1];
  return `${Number((ns / size).toPrecision(3))} ${unit}`;
}

/** `1 step`, `9 steps`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
