// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.watch;

import io.efirts.api.spi.ContextRepair;
import io.efirts.dispatch.entry.ContextRepairs;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.event.DispatcherListener;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.BypassLog;
import io.efirts.dispatch.observe.FlightRecorder;
import io.efirts.dispatch.observe.Observer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Tells the log, the flight recording and the embedder's listeners what happened. What the paths
 * could not compose at the moment itself, since they must not allocate, is found by comparing with
 * what was told last.
 *
 * <p>For one thread at a time.
 */
public final class Reporter {
  private final Observer observer;
  private final ContextRepairs repairs;
  private final BypassLog bypassLog;
  private final List<DispatcherListener> listeners;
  private final EventLog log = new EventLog();

  private DispatcherMode toldMode = DispatcherMode.OPEN;
  private ArmedInstance toldFault;
  private ArmedInstance toldWedge;
  private long toldSeizes;

  /**
   * Nothing told yet.
   *
   * @param observer where events wait
   * @param repairs what firmware broke
   * @param bypassLog the last direct calls
   * @param listeners who is told
   */
  public Reporter(
      Observer observer,
      ContextRepairs repairs,
      BypassLog bypassLog,
      List<DispatcherListener> listeners) {
    this.observer = observer;
    this.repairs = repairs;
    this.bypassLog = bypassLog;
    this.listeners = List.copyOf(listeners);
  }

  /** Tells what is new. */
  void tell(ArmedInstance instance) {
    FirmwareGate gate = instance.gate();
    // Seen before anything is looked for and told after it: what led to a mode is told first.
    DispatcherMode mode = gate.mode();
    if (instance.hasFaulted() && toldFault != instance) {
      toldFault = instance;
      tell(new DispatcherEvent.Faulted(instance.fault()));
    }
    if (gate.phase() == GatePhase.WEDGED && toldWedge != instance) {
      toldWedge = instance;
      tell(new DispatcherEvent.Wedged(GateTarget.service(gate.target()), gate.owner().toString()));
    }
    long seizes = observer.read(Counter.SEIZES);
    if (seizes != toldSeizes) {
      toldSeizes = seizes;
      tell(new DispatcherEvent.Seized(observer.lastSeizer().toString()));
    }
    if (mode != toldMode) {
      DispatcherMode before = toldMode;
      toldMode = mode;
      tell(new DispatcherEvent.ModeChanged(before, mode));
    }
    for (int target = 0; target < GateTarget.COUNT; target++) {
      int news = repairs.fetch(target);
      if (news != 0) {
        tell(new DispatcherEvent.ContextRepaired(GateTarget.service(target), kinds(news)));
      }
    }
    for (DispatcherEvent event = observer.poll(); event != null; event = observer.poll()) {
      tell(event);
    }
    bypassLog.drain();
  }

  private static Set<ContextRepair> kinds(int mask) {
    Set<ContextRepair> kinds = EnumSet.noneOf(ContextRepair.class);
    for (int i = 0; i < ContextRepair.COUNT; i++) {
      if ((mask & ContextRepair.at(i).bit()) != 0) {
        kinds.add(ContextRepair.at(i));
      }
    }
    return kinds;
  }

  private void tell(DispatcherEvent event) {
    FlightRecorder.write(event);
    log.write(event);
    for (DispatcherListener listener : listeners) {
      try {
        listener.on(event);
      } catch (Throwable thrown) {
        // Counted only: telling it would tell the same listener again.
        observer.count(Counter.HANDLER_FAILURES);
      }
    }
  }
}
