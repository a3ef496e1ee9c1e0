import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: 'medic_' });

export const actsDecided = new Counter({
  name: 'medic_acts_total',
  help: 'Acts decided, by act and outcome',
  labelNames: ['act', 'outcome'],
  registers: [registry],
});

export const actSeconds = new Histogram({
  name: 'medic_act_seconds',
  help: 'From asking for an act to its answer, waiting included',
  labelNames: ['act'],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
  registers: [registry],
});

export const pulledRows = new Counter({
  name: 'medic_pulled_rows_total',
  help: 'Rows sent to replicas, by collection',
  labelNames: ['collection'],
  registers: [registry],
});

export const wakeListeners = new Gauge({
  name: 'medic_wake_listeners',
  help: 'Open subscriptions to the change feed',
  registers: [registry],
});

export const slowReadersCut = new Counter({
  name: 'medic_slow_readers_cut_total',
  help: 'Event streams ended because their reader took nothing',
  registers: [registry],
});

export const mailsHandled = new Counter({
  name: 'medic_mails_total',
  help: 'E-mails taken from the outbox, by kind and what became of them',
  labelNames: ['kind', 'outcome'],
  registers: [registry],
});

export const mailsInDoubt = new Counter({
  name: 'medic_mails_in_doubt_total',
  help: 'E-mails sent once more because nobody knows whether they went out: their sender vanished',
  registers: [registry],
});
