// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.observe.Observer;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What firmware broke in its context, by service. Noting allocates nothing and repeats nothing:
 * firmware that breaks a flag with every call is told of once.
 */
public final class ContextRepairs {
  private final AtomicIntegerArray seen = new AtomicIntegerArray(GateTarget.COUNT);
  private final Observer observer;

  /** What was told already. Used by the one thread that watches. */
  private final int[] told = new int[GateTarget.COUNT];

  /**
   * Nothing broken yet.
   *
   * @param observer counts the repairs
   */
  public ContextRepairs(Observer observer) {
    this.observer = observer;
  }

  /** Notes repairs; for whoever has the gate. */
  void note(RuntimeService service, int repairs) {
    observer.count(Counter.CONTEXT_REPAIRS);
    seen.getAndAccumulate(GateTarget.of(service), repairs, (before, more) -> before | more);
  }

  /**
   * What is new for a service. For the one thread that watches.
   *
   * @param target see {@link GateTarget}
   * @return kinds that were not returned before, a mask of {@link
   *     io.efirts.api.spi.ContextRepair#bit}s
   */
  public int fetch(int target) {
    int news = seen.get(target) & ~told[target];
    told[target] |= news;
    return news;
  }
}
