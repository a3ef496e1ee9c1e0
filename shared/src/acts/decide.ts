/** The one way to decide an act. The server's executor and the desk's overlay both go through here. */
import { type Act, type ActContext, type Decision, refused } from './act';
import { consequences } from './consequences';
import type { Facts } from './facts';

/** Rights, then the act's own rules, then what follows from them. `args` are parsed already. */
export function decideAct<Args>(
  act: Act<string, Args>,
  facts: Facts,
  args: Args,
  context: ActContext,
): Decision {
  const lacking = act.forbids(context.actor, args, facts);
  if (lacking !== null) return refused([{ code: 'not-allowed', needs: lacking }]);
  const decision = act.decide(facts, args, context);
  return decision.kind === 'done' ? consequences(facts, decision, context) : decision;
}
