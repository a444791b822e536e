// Which engine a verdict is of, for whoever keeps verdicts longer than a session.

/** Raised with every change of `Program` or `Verdict` that an older verdict does not follow. */
export const ENGINE_VERSION = 3;
