// The second half of the journey: what is done to a text. A completion, the light bulb, a limit
// that is raised, a name that is changed in two files, and the walkthrough that opens a race.
import assert from 'node:assert/strict';
import type { Editor } from './editor.ts';

export type Step = readonly [what: string, body: (editor: Editor) => Promise<void>];

export const TYPING: readonly Step[] = [
  ['completion offers the locks behind an acquire', async (editor) => {
    await editor.openFile('race.mmlock');
    await editor.placeCursor('pte = none');
    await editor.page.keyboard.press('Home');
    await editor.page.keyboard.type('acquire ');
    const rows = editor.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.filter({ hasText: 'mmap_sem' }).first().waitFor();
    const labels = await rows.allInnerTexts();
    assert.ok(labels.every((label) => /mmap_sem|read|write/.test(label)), labels.join());
    await editor.picture('9-completion');
    await editor.page.keyboard.press('Escape');
    await editor.page.keyboard.press('Shift+Home');
    await editor.page.keyboard.press('Delete');
    // Its lens may be below what is seen.
    await editor.page.locator('.squiggly-error').first().waitFor();
  }],
  ['the light bulb has fixes that were checked', async (editor) => {
    await editor.openFile('counter.mmlock');
    await editor.lens(/fails: /).waitFor();
    await editor.placeCursor('n = v + 1');
    await editor.page.locator('.lightBulbWidget:visible, .codicon-gutter-lightbulb:visible')
      .first().waitFor();
    await editor.page.keyboard.press('Control+.');
    const menu = editor.page.locator('.action-widget');
    await menu.locator('.monaco-list-row', { hasText: /safe/ }).first().waitFor();
    await menu.locator('.monaco-list-row', { hasText: 'All fixes of two' }).first().waitFor();
    await editor.picture('9a-light-bulb');
    await editor.page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
  }],
  ['a limit that was reached can be raised', async (editor) => {
    await editor.openFile('wide.mmlock');
    await editor.lens(/unknown: the limit of 2.000 states/).waitFor();
    await editor.picture('9b-limit');
    await editor.command('mmlock: Raise the Limit and Check Again', 'n > 4');
    await editor.lens(/safe · /).waitFor();
  }],
  ['a name is changed in both files', async (editor) => {
    await editor.openFile('race.mmlock');
    await editor.placeCursor('pte = none', 'none');
    await editor.page.keyboard.press('F2');
    const input = editor.page.locator('.rename-box input').first();
    await input.waitFor();
    assert.equal(await input.inputValue(), 'none');
    await input.fill('unmapped');
    await editor.picture('9c-rename');
    await editor.page.keyboard.press('Enter');
    await editor.line('pte = unmapped').waitFor();
    await editor.line('if pte == unmapped').waitFor();
    await editor.openFile('states.mmlock');
    await editor.line('enum pte_state { content, unmapped, zero_page }').waitFor();
  }],
  ['the walkthrough opens a first race', async (editor) => {
    await editor.command('Welcome: Open Walkthrough...');
    await editor.pick('Your first race in two minutes');
    const step = editor.page.locator('.getting-started-step.expanded');
    await step.filter({ hasText: 'Two threads, one lock, one page' }).waitFor();
    await editor.picture('9d-walkthrough');
    await step.locator('.button-container .monaco-button', { hasText: 'Open a First Race' })
      .first().click();
    await editor.lens(/fails: /).waitFor();
    await editor.picture('9e-first-race');
  }],
];
