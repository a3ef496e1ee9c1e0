/** For mutants it is enough that a random test fails: the smallest case that does would cost most of the time. */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
