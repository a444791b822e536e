// Names of files as the protocol has them. Everything inside only compares them.
import { BUNDLED } from '../service/bundled.ts';

/** Bundled modules have a name but no file that an editor could open. */
const LIBRARY = 'mmlock-library:/';

export function library(module: string): { readonly file: string; readonly text: string } | null {
  if (!Object.hasOwn(BUNDLED, module)) return null;
  return { file: `${LIBRARY}${module}.mmlock`, text: BUNDLED[module] ?? '' };
}

export const MODULES: readonly string[] = Object.keys(BUNDLED);

export function isOpenable(uri: string): boolean {
  return !uri.startsWith(LIBRARY);
}

/**
 * What `path` means in the file `from`. The part of `from` that stays is kept letter by letter:
 * clients differ in how they escape. null for a file in no folder, and for a path out of its root.
 */
export function resolvePath(from: string, path: string, open: readonly string[]): string | null {
  const [, root, rest, query = ''] =
    /^([a-zA-Z][a-zA-Z0-9+.-]*:(?:\/\/[^/?]*)?\/)([^?]*)(\?.*)?$/.exec(from) ?? [];
  if (root === undefined || rest === undefined || path === '' || /[\0\\]/.test(path)) return null;
  const segments = rest.split('/').slice(0, -1);
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(escaped(segment));
    else if (segments.pop() === undefined) return null;
  }
  const uri = root + segments.join('/') + queryOf(query, segments);
  return open.find((each) => unescaped(each) === unescaped(uri)) ?? uri;
}

/** How `use` in `from` names `to`; null where it cannot: on another disk or machine. */
export function pathBetween(from: string, to: string): string | null {
  const [mine, theirs] = [from, to].map((uri) =>
    /^([a-zA-Z][a-zA-Z0-9+.-]*:(?:\/\/[^/?]*)?\/)([^?]*)/.exec(uri));
  const [a, b] = [mine?.[2]?.split('/'), theirs?.[2]?.split('/')];
  if (mine?.[1] !== theirs?.[1] || a === undefined || b === undefined) return null;
  let same = 0;
  while (same < a.length - 1 && same < b.length - 1 && a[same] === b[same]) same++;
  if (same === 0 && /^[a-z](?::|%3a)$/i.test(a[0] ?? '')) return null;
  const up = a.length - 1 - same;
  return (up === 0 ? './' : '../'.repeat(up)) + b.slice(same).map(unescaped).join('/');
}

/** The file at a commit, in VS Code: its `git:` URI says path and commit once more in its query. */
function queryOf(query: string, segments: readonly string[]): string {
  const [, before, old, after] =
    /^\?(\{"path":")((?:[^"\\]|\\.)*)(".*)$/.exec(unescaped(query)) ?? [];
  if (before === undefined || old === undefined || after === undefined) return query;
  const path = unescaped(`/${segments.join('/')}`);
  const native = old.includes('\\') ? path.slice(1).replaceAll('/', '\\') : path;
  return `?${escaped(`${before}${JSON.stringify(native).slice(1, -1)}${after}`)}`;
}

/** As VS Code escapes: all but letters, digits and `-._~`. */
function escaped(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (char) =>
    `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Equal for two names of one file. */
export function unescaped(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
