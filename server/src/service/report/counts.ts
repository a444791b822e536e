// Numbers as a mail has them: groups of three digits with plain spaces between.

/** `1 204 states`; without a noun the number alone. */
export function plainCount(count: number, noun?: string): string {
  const digits = String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
  return noun === undefined ? digits : `${digits} ${noun}${count === 1 ? '' : 's'}`;
}
