// What things are called in a canonical program, where a name says only what else has it.

import { spaced } from '../../../simulator/src/kept.ts';

/** Names are told apart within their space only: a lock and a local may be called the same. */
export class Names {
  readonly texts: string[];
  readonly #known: Map<string, string>;
  /** What was asked for, with its answer, since it was last set. */
  asked: Asked[] = [];

  /** With all that `before` has. */
  constructor(before: Names | null = null) {
    this.texts = before === null ? [] : [...before.texts];
    this.#known = new Map(before === null ? [] : before.#known);
  }

  of(space: string, text: string): string {
    const key = keyOf(space, text);
    const name = this.#of(key, text);
    this.asked.push({ key, text, name });
    return name;
  }

  /** Names that are given from now on stay what they are where a few more are given before. */
  leaveRoom(): void {
    const next = spaced(this.texts.length);
    while (this.texts.length < next) this.texts.push('');
  }

  has(space: string, text: string): boolean {
    return this.#known.has(keyOf(space, text));
  }

  /** Whether the same questions have the same answers now; asked until one has not. */
  answersAgain(asked: readonly Asked[]): boolean {
    return asked.every(({ key, text, name }) => this.#of(key, text) === name);
  }

  #of(key: string, text: string): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fresh = `@${this.texts.push(text) - 1}@`;
    this.#known.set(key, fresh);
    return fresh;
  }
}

export interface Asked {
  readonly key: string;
  readonly text: string;
  readonly name: string;
}

const keyOf = (space: string, text: string): string => `${space} ${text}`;
