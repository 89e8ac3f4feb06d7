// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.watch;

import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.Delivery;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateOwner;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.dispatch.gate.WedgeWatch;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.instance.Rearming;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.path.HandlerThread;
import io.efirts.dispatch.reset.ResetSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * One round over everything that nobody waits for: a dead worker, a hold that takes too long, calls
 * whose deadline has passed or that were never delivered, a disabled firmware that may be replaced,
 * events that were not told yet.
 *
 * <p>For one thread at a time. May block in a listener, a completion handler, the factory or the
 * probe; takes no lock that a call waits for.
 */
public final class Watch {
  /** How often to look while there is something to watch. */
  private static final long LOOK_NANOS = 50_000_000;

  private final Instances instances;
  private final Rearming rearming;
  private final ResetSequence reset;
  private final Reporter reporter;
  private final NanoClock clock;
  private final WedgeLimits limits;
  private final HandlerThread handlers;
  private final Observer observer;
  private final WedgeWatch wedgeWatch = new WedgeWatch();

  /** Replaced instances with started calls whose worker is about to end them, or dies before. */
  private final List<ArmedInstance> replaced = new ArrayList<>();

  /**
   * A watch over a dispatcher.
   *
   * @param instances its firmware
   * @param rearming what follows when that is disabled
   * @param reset what follows when a reset hangs
   * @param reporter tells what happened
   * @param clock tells the time
   * @param limits how long a call may be inside
   * @param handlers notes that this thread runs completion handlers
   * @param observer counts
   */
  public Watch(
      Instances instances,
      Rearming rearming,
      ResetSequence reset,
      Reporter reporter,
      NanoClock clock,
      WedgeLimits limits,
      HandlerThread handlers,
      Observer observer) {
    this.instances = instances;
    this.rearming = rearming;
    this.reset = reset;
    this.reporter = reporter;
    this.clock = clock;
    this.limits = limits;
    this.handlers = handlers;
    this.observer = observer;
  }

  /**
   * Makes one round.
   *
   * @return how long the next one can wait: nanoseconds, or {@link Rearming#NEVER} until woken
   */
  public long round() {
    ArmedInstance instance = instances.current();
    FirmwareGate gate = instance.gate();
    long now = clock.nanoTime();
    if (gate.mode().makesCalls() && !instance.consumer().isAlive()) {
      gate.workerDied();
    }
    if (wedgeWatch.look(gate, limits, now)) {
      observer.count(Counter.WEDGES);
    }
    if (gate.phase() == GatePhase.WEDGED && gate.owner() == GateOwner.RESET) {
      reset.hangs();
    }
    if (!replaced.isEmpty()) {
      replaced.removeIf(old -> !endAndDeliver(old, now));
    }
    boolean pending = endAndDeliver(instance, now) || !replaced.isEmpty();
    // Seen before anything is told: what led to it is then told in this round, and not skipped.
    boolean disabled = gate.mode() == DispatcherMode.DISABLED;
    handlers.enter();
    try {
      reporter.tell(instance);
    } finally {
      handlers.leave();
    }
    if (disabled && rearming.replaceIfDue(now)) {
      if (endAndDeliver(instance, now)) {
        replaced.add(instance);
      }
      return 0;
    }
    if (observer.hasEvents()) {
      // Left after the telling, such as a failed attempt to re-arm: perhaps nobody wakes this
      // again.
      return 0;
    }
    long next = rearming.nanosLeft(now);
    if (pending || isTaken(gate)) {
      next = Math.min(next, wedgeWatch.nanosLeft(LOOK_NANOS, now));
    }
    return Math.max(0, next);
  }

  /**
   * Whether somebody has the gate. Any such hold may be the one that does not end, and its caller
   * may have left already: then there is nobody else to look.
   */
  private static boolean isTaken(FirmwareGate gate) {
    GatePhase phase = gate.phase();
    return phase == GatePhase.HELD || phase == GatePhase.ENTERED;
  }

  /** Whether calls are left that this watches over. */
  private boolean endAndDeliver(ArmedInstance instance, long now) {
    CallPool pool = instance.pool();
    boolean pending = false;
    for (int i = 0; i < pool.size(); i++) {
      DispatchCall call = pool.at(i);
      long generation = call.generation();
      // Of a later generation, if the call was just lent again: then it finds nothing to deliver.
      Delivery delivery = call.delivery();
      if (delivery == null) {
        continue;
      }
      if (call.pending(generation)) {
        instance.queued().ending().endIfDue(call, generation, now);
      }
      if (call.hasEnded(generation)) {
        handlers.enter();
        try {
          delivery.deliver(call, generation);
        } finally {
          handlers.leave();
        }
      }
      pending |= call.pending(generation);
    }
    return pending;
  }
}
