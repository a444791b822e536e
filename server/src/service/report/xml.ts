// XML as far as a report needs it: elements, attributes, text.

export type Xml = Element | string;

export interface Element {
  readonly name: string;
  /** Those that are undefined are left out. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly children: readonly Xml[];
}

export function element(
  name: string, attributes: Element['attributes'], children: readonly Xml[] = [],
): Element {
  return { name, attributes, children };
}

/** A whole document; one element a line, texts as they are. */
export function printXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${printed(root, '')}\n`;
}

function printed({ name, attributes, children }: Element, indent: string): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    (value === undefined ? [] : [` ${key}="${escapedAttribute(String(value))}"`]));
  const head = `${indent}<${name}${given.join('')}`;
  if (children.length === 0) return `${head}/>`;
  if (children.some((child) => typeof child === 'string')) {
    const inner = children.map((child) =>
      (typeof child === 'string' ? escaped(child) : printed(child, '')));
    return `${head}>${inner.join('')}</${name}>`;
  }
  const inner = children.map((child) =>
    (typeof child === 'string' ? child : printed(child, `${indent}  `)));
  return `${head}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

/** What XML 1.0 has no place for, not even escaped, becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Line breaks and tabs of an attribute would be read as spaces. */
function escapedAttribute(text: string): string {
  return escaped(text)
    .replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
