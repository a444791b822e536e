// Mutants of searches that threads share.
import type { MutantList } from './mutant.ts';

export const SHARING: MutantList = {
  title: 'sharing',
  modes: ['shared'],
  mutants: [{
    name: 'every share expands the first state',
    find: 'if (self !== 0) graph.nExpanded = 1;',
    replace: '',
    kills: ['shared r9', 'shared r16'],
  }, {
    name: 'every share counts the first state',
    find: 'search.table.count - (link.self === 0 ? 0 : 1);',
    replace: 'search.table.count;',
    kills: ['shared r9', 'shared r16'],
  }, {
    name: 'what belongs to another share is not sent',
    find: '    if (!deliver(share, 1)) return \'stopped\';\n',
    replace: '',
    kills: ['shared r9', 'shared r2'],
  }, {
    name: 'the last state of a message is lost',
    find: 'const end = Math.min(at + message.length, filled);',
    replace: 'const end = Math.max(at, Math.min(at + message.length, filled) - 2 * nWords);',
    kills: ['shared r9', 'shared r16'],
  }, {
    name: 'a share that has nothing in a level is done',
    find: 'graph.nExpanded === share.levelStart && share.elsewhere === 0',
    replace: 'graph.nExpanded === share.levelStart',
    kills: ['shared r9', 'shared r2'],
  }, {
    name: 'one level too many is counted',
    find: 'deeper ? 2 :',
    replace: 'deeper ? 2 : 1 +',
    kills: ['shared r9', 'shared r16'],
  }, {
    name: 'an invariant that cannot be judged is passed over in another share',
    find: 'kind === \'invariant\' && judges.has(i) && mayFail(plan.program, expr)',
    replace: 'false',
    kills: ['shared made:dividing'],
  }, {
    name: 'what others have met is not looked for',
    find: 'const isThere = plain.depth > shared.depth;',
    replace: 'const isThere = true;',
    kills: ['shared r2', 'shared r11'],
  }, {
    name: 'who stands beside whom is not told to the others',
    find: 'if (one !== 0 && beside !== null) beside[i] = one;',
    replace: '',
    kills: ['shared r9', 'shared r16'],
  }, {
    name: 'outcomes are not told to the others',
    find: 's.outcomes.set(outcome.join(\' \'), outcome);',
    replace: 'void outcome;',
    kills: ['shared r9', 'shared r16'],
  }, {
    name: 'locks held are not told to the others',
    find: 'report.held.forEach((bits, i) => { held[i]! |= bits; });',
    replace: '',
    kills: ['shared r16'],
  }, {
    name: 'reachables are not told to the others',
    find: 'for (const index of report.reachables) s.reached.add(index);',
    replace: '',
    kills: ['shared made:reaching'],
  }],
};
