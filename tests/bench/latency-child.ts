// The warm process of the latency figures: `latency-child ROOT` keeps servers open and answers, one
// at a time, what the bench asks of them. No figure counts the messages.
import { unreachable } from '../../server/src/text/unreachable.ts';
import type { SyntaxParser } from '../../server/src/service/check-file.ts';
import type { EngineOptions } from './engine.ts';
import { phasesOf, type Times } from './phases.ts';
import {
  openServer, theParser, type Answered, type Opened, type WarmServer,
} from './warm-server.ts';

export type Asked =
  | { readonly kind: 'open'; readonly name: string; readonly opened: Opened }
  | { readonly kind: 'change'; readonly name: string; readonly constant: string;
      readonly value: number }
  | { readonly kind: 'phases'; readonly texts: readonly [string, string];
      readonly options: EngineOptions };

export type Replied =
  | { readonly kind: 'opened' }
  | { readonly kind: 'changed'; readonly answered: Answered }
  | { readonly kind: 'phases'; readonly times: Times };

const servers = new Map<string, WarmServer>();

async function reply(parser: SyntaxParser, asked: Asked): Promise<Replied> {
  switch (asked.kind) {
    case 'open':
      servers.get(asked.name)?.close();
      servers.set(asked.name, openServer(parser, asked.opened));
      return { kind: 'opened' };
    case 'change': {
      const server = servers.get(asked.name);
      if (server === undefined) throw new Error(`${asked.name} is not open`);
      return { kind: 'changed', answered: await server.change(asked.constant, asked.value) };
    }
    case 'phases':
      return { kind: 'phases', times: phasesOf(parser, asked.texts, asked.options) };
    default:
      return unreachable(asked);
  }
}

async function serve(root: string): Promise<void> {
  const parser = await theParser(root);
  process.on('message', (asked: Asked) => {
    void reply(parser, asked).then((replied) => process.send?.(replied));
  });
  process.send?.({ kind: 'opened' } satisfies Replied);
}

void serve(process.argv[2] ?? '.');
