// An editor in a browser, by what a person does in it: open a file, point at a word, click a lens,
// read the panel. Every wait is for something that can only be there once it is done.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';

const WAIT_MS = 45_000;
const SCREENS = join(dirname(fileURLToPath(import.meta.url)), '../../out/screens');
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
/** VS Code for the Web keeps webviews on another origin, whose storage Chromium would refuse. */
const PREFERENCES = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };

export class Editor {
  private constructor(
    readonly page: Page,
    private readonly name: string,
    private readonly log: string[],
    private readonly end: () => Promise<void>,
  ) {}

  /** `name` is what its pictures are called. */
  static async open(address: string, name: string): Promise<Editor> {
    const profile = mkdtempSync(join(tmpdir(), 'mmlock-browser-'));
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(PREFERENCES));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true, viewport: { width: 1400, height: 850 }, args: FLAGS,
    });
    const page = context.pages()[0] ?? await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const log: string[] = [];
    page.on('console', (message) => log.push(`[${message.type()}] ${message.text()}`));
    page.on('pageerror', (error) => log.push(`[error] ${error.message}`));
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await page.locator('.monaco-workbench').waitFor();
    return new Editor(page, name, log, async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  async close(): Promise<void> {
    await this.end();
  }

  /** What the page said last, for a failed test. */
  said(): string {
    return this.log.slice(-30).join('\n');
  }

  /** For people to look at; given a moment, because nothing waits for its last stroke. */
  async picture(what: string): Promise<void> {
    await this.page.waitForTimeout(300);
    mkdirSync(SCREENS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENS, `${this.name}-${what}.png`) });
  }

  async openFile(name: string): Promise<void> {
    const row = this.page.locator('.explorer-viewlet .monaco-list-row', { hasText: name }).first();
    const isThere = (): Promise<boolean> =>
      row.waitFor({ timeout: 10_000 }).then(() => true, () => false);
    for (let tries = 0; tries < 4 && !await isThere(); tries++) {
      await this.command('View: Show Explorer'); // another view came in between
    }
    await row.dblclick();
    await this.page.locator(`.tab[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.view-lines .view-line').first().waitFor();
  }

  /**
   * A command for the text of one language is not offered while a panel has the focus, and a panel
   * may take it late: `line`, if named, is clicked before each try.
   */
  async command(title: string, line?: string): Promise<void> {
    for (let tries = 0; tries < 4; tries++) {
      if (line !== undefined) await this.line(line).click({ position: { x: 40, y: 8 } });
      await this.palette();
      const input = this.page.locator('.quick-input-widget input.input');
      const isPicked = await input.fill(`>${title}`, { timeout: 5_000 })
        .then(() => this.pick(title, 10_000)).then(() => true, () => false);
      if (isPicked) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`the command palette does not offer ${title}`);
  }

  /** A webview that takes the focus late can swallow a command. */
  async closeAll(): Promise<void> {
    const tabs = this.page.locator('.tabs-container .tab');
    for (let tries = 0; tries < 5 && await tabs.count() > 0; tries++) {
      await this.command('View: Close All Editors');
      await this.page.waitForTimeout(500);
    }
  }

  /** The entry of the open list that says just this. */
  async pick(label: string, timeout = 45_000): Promise<void> {
    const labels = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await labels.filter({ hasText: new RegExp(`^\\s*${label}\\s*$`) }).first().click({ timeout });
  }

  /** It goes away again when a webview takes the focus late: then it is asked for once more. */
  private async palette(): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    for (let tries = 0; tries < 5; tries++) {
      await this.page.keyboard.press('F1');
      await input.waitFor({ state: 'visible', timeout: 3000 }).catch(() => undefined);
      await this.page.waitForTimeout(200);
      if (await input.isVisible()) return;
    }
    throw new Error('the command palette does not stay open');
  }

  /** The line of the text that contains `part`. */
  line(part: string): Locator {
    return this.page.locator('.view-lines .view-line', { hasText: part }).first();
  }

  /** In the line that contains `part`, in `word` if one is named. */
  async placeCursor(part: string, word?: string): Promise<void> {
    const at = word === undefined ? this.line(part)
      : this.line(part).locator('span span').filter({ hasText: word }).last();
    await at.click({ position: word === undefined ? { x: 40, y: 8 } : { x: 4, y: 8 } });
  }

  lens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration:visible', { hasText: text }).first();
  }

  /** What the hover over a word says; the word is one token of the line that contains `part`. */
  async hover(part: string, word: string): Promise<string> {
    const token = this.line(part).locator('span span').filter({ hasText: word }).last();
    await token.hover();
    const box = this.page.locator('.monaco-hover:not(.hidden)', { hasText: /\S/ }).last();
    await box.waitFor();
    await box.filter({ hasNotText: 'Loading' }).waitFor();
    return box.innerText();
  }

  /** The inside of the run panel, once it shows `selector`. */
  async panel(selector: string, timeout = WAIT_MS): Promise<FrameLocator> {
    const inner = this.page.frameLocator('iframe.webview.ready').last()
      .frameLocator('iframe#active-frame');
    await inner.locator(selector).first().waitFor({ timeout });
    return inner;
  }

  /** The panel that a click on the row of a tree opens: one still being filled may miss it. */
  async panelOf(row: Locator, selector: string): Promise<FrameLocator> {
    for (let tries = 0; tries < 3; tries++) {
      await row.click();
      const panel = await this.panel(selector, 10_000).catch(() => null);
      if (panel !== null) return panel;
    }
    throw new Error(`no panel shows ${selector}`);
  }

  /** `Ln 11, Col 3` of the status bar. */
  async cursorIsAt(position: string): Promise<void> {
    await this.page.locator('[id="status.editor.selection"]', { hasText: position }).waitFor();
  }
}
