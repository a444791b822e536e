// What a kernel developer does with the extension the first time, from a file to the reason of its
// race. The same in every host: one editor, steps in order, each a test.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Editor } from './editor.ts';
import type { Host } from './hosts.ts';
import { TYPING, type Step } from './typing.ts';

/** Two steps of the same name would be two tests: the name says which editor it is. */
export function journey(name: string, start: () => Promise<Host>): void {
  describe(`mmlock in ${name}`, () => {
    let host: Host | undefined;
    let opened: Editor | undefined;
    before(async () => {
      host = await start();
      opened = await Editor.open(host.address, name);
    });
    after(async () => {
      await opened?.close();
      await host?.stop();
    });
    for (const [what, body] of [...STEPS, ...TYPING]) {
      test(what, async () => {
        assert.ok(opened !== undefined, 'the editor is open');
        const editor = opened;
        await body(editor).catch(async (error: unknown) => {
          await editor.picture('failed');
          console.log(editor.said());
          throw error;
        });
      });
    }
  });
}

const STEPS: readonly Step[] = [
  // The file uses another one: in the web host that is on no disk, and is read through VS Code.
  ['a race stands under its line', async (editor) => {
    await editor.openFile('race.mmlock');
    await editor.page.locator('.squiggly-error').first().waitFor();
  }],
  ['the lens says what was found', async (editor) => {
    await editor.lens(/fails: /).waitFor();
    const title = await editor.lens('Simulate').innerText();
    assert.match(title, /Simulate.*fails: (forbidden outcome zero|data_race\(pte\)), \d+ steps/s);
    await editor.picture('1-squiggle-and-lens');
  }],
  ['the hover knows the locks that are held', async (editor) => {
    const text = await editor.hover('pte = none', 'pte');
    assert.match(text, /mmap_sem/);
    await editor.picture('2-hover');
    await editor.page.keyboard.press('Escape');
  }],
  ['the lens opens the run', async (editor) => {
    await editor.lens('Simulate').locator('a', { hasText: 'Simulate' }).click();
    const panel = await editor.panel('tr.row.bad');
    assert.match(await panel.locator('h1').innerText(), /one_fault.*munmap against a fault/);
    const lanes = await panel.locator('thead th.lane').allInnerTexts();
    assert.deepEqual(lanes, ['munmap', 'fault']);
    assert.match(await panel.locator('.outcome').innerText(), /data_race|forbidden_outcome/);
    assert.ok(await panel.locator('td.changed').count() > 0, 'something changes');
    assert.ok(await panel.locator('.bar.read').count() > 0, 'a lock is held');
    await editor.picture('3-run');
  }],
  ['the keyboard walks the run, and Enter goes to the line', async (editor) => {
    const panel = await editor.panel('tr.row[aria-selected="true"]');
    await panel.locator('tr.row', { hasText: 'pte = none' }).first().click();
    const selected = panel.locator('tr.row[aria-selected="true"]');
    await selected.filter({ hasText: 'pte = none' }).waitFor();
    await editor.page.keyboard.press('Home');
    await panel.locator('tr.row.start[aria-selected="true"]').waitFor();
    await panel.locator('tr.row', { hasText: 'pte = none' }).first().click();
    await editor.page.keyboard.press('Enter');
    await editor.cursorIsAt('Ln 11, Col 3');
    await editor.picture('4-line-of-a-step');
  }],
  ['the other violation is one click away', async (editor) => {
    const panel = await editor.panel('select');
    const first = await panel.locator('.outcome .code').innerText();
    await panel.locator('button[aria-label="Next violation"]').click();
    await panel.locator('.outcome .code').filter({ hasNotText: first }).waitFor();
  }],
  ['a random run, and another', async (editor) => {
    const panel = await editor.panel('button[data-do="random"]');
    await panel.locator('button[data-do="random"]').click();
    await panel.locator('.outcome', { hasText: 'seed 1' }).waitFor();
    await panel.locator('button[data-do="random"]', { hasText: 'Another run' }).click();
    await panel.locator('.outcome', { hasText: 'seed 2' }).waitFor();
  }],
  ['the run is old when the text has changed, and can be had again', async (editor) => {
    await editor.line('release mmap_sem').click({ position: { x: 40, y: 8 } });
    await editor.page.keyboard.press('End');
    await editor.page.keyboard.type(' // now');
    const panel = await editor.panel('.stale:not([hidden])');
    await panel.locator('.stale button').click();
    await panel.locator('.stale[hidden]').waitFor({ state: 'attached' });
  }],
  ['the state of the locks follows the cursor', async (editor) => {
    await editor.command('mmlock: Show the Lock State Here', 'pte = none');
    const view = await editor.panel('.summary');
    await view.locator('h1', { hasText: 'pte = none' }).waitFor();
    assert.match(await view.locator('.summary').innerText(), /Holds mmap_sem for reading/);
    await view.locator('li.can button', { hasText: 'can be done' }).first().waitFor();
    await editor.picture('4b-lock-state');
    await editor.command('View: Show Explorer');
  }],
  ['the problem tells the interleaving', async (editor) => {
    await editor.page.keyboard.press('Control+Shift+M');
    const problems = editor.page.locator('.markers-panel .monaco-list-row');
    await problems.filter({ hasText: 'data_race' }).first().waitFor();
    await editor.picture('5-problems');
    await editor.page.keyboard.press('Control+Shift+M');
    await problems.first().waitFor({ state: 'detached' });
    await editor.page.locator('.statusbar-item', { hasText: 'mmlock: fails' }).click();
    await problems.filter({ hasText: 'data_race' }).first().waitFor();
    await editor.picture('5a-status');
    await editor.page.keyboard.press('Control+Shift+M');
  }],
  ['each scenario is a test, and counts what it reaches', async (editor) => {
    await editor.command('Testing: Focus on Test Explorer View');
    const rows = editor.page.locator('.test-explorer .monaco-list-row');
    await rows.filter({ hasText: 'race.mmlock' }).first().waitFor();
    await editor.command('Test: Run All Tests with Coverage');
    await editor.page.locator('.test-explorer .codicon-testing-failed-icon').first().waitFor();
    await editor.page.locator('.test-coverage-list-item, .coverage-view-is-sorted, '
      + '[id="workbench.view.testCoverage"]').first().waitFor({ state: 'attached' });
    await editor.picture('5b-tests-and-coverage');
    await editor.command('View: Show Explorer');
  }],
  ['it can be read in the dark and in high contrast', async (editor) => {
    await editor.panel('tr.row');
    await editor.command('Preferences: Toggle between Light/Dark Themes');
    await editor.page.locator('.monaco-workbench.vs-dark').waitFor();
    await editor.picture('6-dark');
    await colors(editor, 'Dark High Contrast', 'hc-black');
    await editor.picture('7-high-contrast');
    await colors(editor, 'Dark Modern', 'vs-dark');
  }],
  ['an example is as it says', async (editor) => {
    await editor.openFile('two_phases.mmlock');
    await editor.line('type page').click({ position: { x: 40, y: 8 } });
    await editor.page.keyboard.press('Control+End');
    await editor.lens(/fails as expected: |safe · /).waitFor();
    await editor.picture('8-example');
  }],
  ['two scenarios compared: what is gained, and the run to it', async (editor) => {
    // Panels that are open already: the run is to be the last that is made.
    await editor.closeAll();
    await editor.openFile('two_phases.mmlock');
    await editor.command('mmlock: Compare with...', 'expect safe');
    await editor.pick('Another Scenario…');
    await editor.pick('third_state');
    await editor.pick('leaked_page');
    const rows = editor.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row');
    await rows.filter({ hasText: 'third_state → leaked_page' }).waitFor();
    const panel = await editor.panelOf(rows.filter({ hasText: 'nothing_left' }),
      'h1:has-text("leaked_page")');
    assert.match(await panel.locator('h1').innerText(), /new: in leaked_page/);
    await editor.picture('9-comparison');
    await editor.closeAll();
    await editor.command('View: Show Explorer');
  }],
];

async function colors(editor: Editor, theme: string, kind: string): Promise<void> {
  await editor.command('Preferences: Color Theme');
  await editor.page.locator('.quick-input-list').waitFor();
  await editor.page.keyboard.type(theme);
  await editor.pick(theme);
  await editor.page.locator(`.monaco-workbench.${kind}`).waitFor();
}
