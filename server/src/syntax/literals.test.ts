// Numbers, durations and strings, and why a token is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDuration, readInteger, readString } from './literals.ts';

test('integers', () => {
  const cases: [string, number][] = [
    ['0', 0], ['42', 42], ['007', 7], ['0x1f', 31], ['0XFF', 255], ['4K', 4096], ['2M', 2 ** 21],
    ['80G', 80 * 2 ** 30], ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ];
  for (const [text, value] of cases) {
    const read = readInteger(text);
    assert.ok(read.ok, text);
    assert.equal(read.value.value, value);
    assert.equal(read.value.size, /[KMG]$/.test(text));
  }
});

test('no integers', () => {
  const cases: [string, RegExp][] = [
    ['9007199254740992', /too large/], ['0x20000000000000', /too large/], ['9000000G', /too large/],
    ['0x', /behind 0x/], ['0xfg', /behind 0x/], ['4k', /K, M or G/], ['4KiB', /K, M or G/],
    ['5sec', /ns, us, ms or s/], ['5m', /K, M or G/], ['1st', /no number/], ['1_000', /no number/],
  ];
  for (const [text, message] of cases) {
    const read = readInteger(text);
    assert.ok(!read.ok, text);
    assert.match(read.message, message);
  }
});

test('durations are nanoseconds', () => {
  const cases: [string, number][] = [
    ['120ns', 120], ['0.5us', 500], ['0.1us', 100], ['1.0001us', 1000.1], ['3ms', 3e6], ['5s', 5e9],
    ['0s', 0],
  ];
  for (const [text, ns] of cases) {
    const read = readDuration(text);
    assert.ok(read.ok, text);
    assert.equal(read.value, ns);
  }
  for (const text of ['1.5', '1.5m', '99999999s']) assert.ok(!readDuration(text).ok, text);
});

test('strings', () => {
  assert.deepEqual(readString('"a"'), { value: 'a', closed: true });
  assert.deepEqual(readString('"a \\"b\\" \\\\"'), { value: 'a "b" \\', closed: true });
  assert.deepEqual(readString('"\\n"'), { value: '\\n', closed: true });
  assert.deepEqual(readString('"a'), { value: 'a', closed: false });
  assert.deepEqual(readString('"a\\"'), { value: 'a"', closed: false });
  assert.deepEqual(readString('"'), { value: '', closed: false });
});
