// Something that can be, as the simulator can show it: a state of a scenario, described by where
// its threads are and what else is so. A run to it is made when somebody wants to see one.
import type { Wanted } from '../../../simulator/src/index.ts';

export interface Claim {
  readonly scenario: string;
  /** In the scenario's own program, of the version that the claim was made about. */
  readonly wanted: Wanted;
}
