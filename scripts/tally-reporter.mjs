// A reporter for node:test that writes how many tests passed and failed to the file it is given.
export default async function* tally(source) {
  const counts = { passed: 0, failed: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:diagnostic') continue;
    const [, word, number] = /^(pass|fail|cancelled) (\d+)$/.exec(data.message) ?? [];
    if (word === 'pass') counts.passed += Number(number);
    else if (word !== undefined) counts.failed += Number(number);
  }
  yield JSON.stringify(counts);
}
