// A path of the command line as a URI reference (RFC 3986): a relative one stays relative.

const DRIVE = /^[a-zA-Z]:/;

export function uriOf(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const escaped = slashed.split('/').map(escape).join('/');
  if (DRIVE.test(slashed)) return `file:///${escaped.replace('%3A', ':')}`;
  return slashed.startsWith('/') ? `file://${escaped}` : escaped;
}

function escape(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%2B', '+').replaceAll('%40', '@');
}
