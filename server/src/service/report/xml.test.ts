// XML is well formed whatever stands in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, printXml } from './xml.ts';

test('texts and attributes are escaped, what XML cannot say is replaced', () => {
  const xml = printXml(
    element('a', { b: 'x<"&">\n\t', c: undefined, n: 1 }, ['1 < 2 && \u0001]]>']));
  assert.equal(xml, '<?xml version="1.0" encoding="UTF-8"?>\n'
    + '<a b="x&lt;&quot;&amp;&quot;&gt;&#10;&#9;" n="1">1 &lt; 2 &amp;&amp; \ufffd]]&gt;</a>\n');
});

test('half a surrogate pair is replaced, a whole one stays', () => {
  const xml = printXml(element('a', {}, ['\ud83d|\ud83d\ude00|\ude00']));
  assert.ok(xml.includes('>\ufffd|\ud83d\ude00|\ufffd<'), xml);
});

test('elements stand below each other, indented', () => {
  const inner = element('c', {}, [element('d', {})]);
  const xml = printXml(element('a', {}, [element('b', {}), inner]));
  assert.deepEqual(xml.split('\n').slice(1),
    ['<a>', '  <b/>', '  <c>', '    <d/>', '  </c>', '</a>', '']);
});
