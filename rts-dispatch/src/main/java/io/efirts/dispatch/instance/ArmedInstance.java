// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.instance;

import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.observe.CallTimer;
import io.efirts.dispatch.path.DirectPath;
import io.efirts.dispatch.path.EmergencyPath;
import io.efirts.dispatch.path.QueuedPath;
import io.efirts.dispatch.path.SeizingPath;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.worker.CallConsumer;
import io.efirts.dispatch.worker.FirmwareWorker;
import io.efirts.dispatch.worker.Pump;
import io.efirts.dispatch.worker.WorkerThread;

/**
 * One firmware instance with everything that leads to it: gate, pool, ring, worker and the paths.
 * Nothing of it is shared with another instance, so a thread that never comes back out of a
 * firmware keeps what it has, and disturbs nobody.
 */
public final class ArmedInstance {
  private final FirmwareGate gate;
  private final FirmwareEntry entry;
  private final CallPool pool;
  private final CallConsumer consumer;
  private final QueuedPath queued;
  private final DirectPath bypass;
  private final SeizingPath reset;
  private final EmergencyPath emergency;
  private final FirmwareContext context;

  /** The instance that serves in this one's place. Written before this one is marked replaced. */
  private volatile ArmedInstance successor;

  /**
   * Arms an instance; its worker does not run yet.
   *
   * @param instance firmware and contexts
   * @param settings how
   * @param shared what outlives it
   * @throws IllegalArgumentException if a context cannot lend enough memory for the work items
   */
  public ArmedInstance(FirmwareInstance instance, InstanceSettings settings, SharedState shared) {
    WorkItemPlan plan = settings.plan();
    context = instance.context();
    CallMemory memory = context.callMemory(plan.totalBytes());
    // Twice as many slots as calls: a call that was cancelled and published again holds two.
    CallRing ring = new CallRing(2 * plan.calls(), settings.workerWait());
    CallTimer timer = new CallTimer(settings.path().clock(), shared.latencies());
    gate = new FirmwareGate(settings.steps());
    pool = plan.queuedCalls(memory, settings.steps());
    entry =
        new FirmwareEntry(
            instance,
            gate,
            settings.reserveBytes(),
            settings.path().supported(),
            shared.capsule(),
            shared.repairs(),
            shared.observer());
    FirmwareWorker worker =
        new FirmwareWorker(
            gate,
            entry,
            lane(plan, memory, WorkItemPlan.Question.WORKER),
            pool,
            settings.interrupts(),
            settings.path().clock(),
            timer,
            shared.observer(),
            shared.watchman());
    consumer =
        settings.threads() == null
            ? new Pump(ring, worker)
            : new WorkerThread(ring, worker, settings.threads());
    queued =
        new QueuedPath(
            pool,
            ring,
            gate,
            entry,
            consumer,
            settings.path(),
            timer,
            shared.observer(),
            shared.watchman());
    bypass =
        new DirectPath(
            gate,
            entry,
            lane(plan, memory, WorkItemPlan.Question.BYPASS),
            plan.bypassItem(memory),
            settings.interrupts(),
            settings.path(),
            shared.bypassLog(),
            shared.observer(),
            shared.watchman());
    reset =
        new SeizingPath(
            gate,
            entry,
            lane(plan, memory, WorkItemPlan.Question.RESET),
            plan.resetItem(memory),
            crashLane(instance, plan),
            settings.path(),
            shared.observer());
    emergency =
        new EmergencyPath(
            gate,
            new SeizingPath(
                gate,
                entry,
                lane(plan, memory, WorkItemPlan.Question.EMERGENCY),
                plan.emergencyItem(memory),
                reset.crashLane(),
                settings.path(),
                shared.observer()),
            shared.capsule(),
            settings.interrupts(),
            shared.progress(),
            shared.fallbacks());
    if (instance.failure() != null) {
      entry.unusable(instance.failure());
    }
  }

  private EntryLane lane(WorkItemPlan plan, CallMemory memory, WorkItemPlan.Question question) {
    return new EntryLane(context, plan.questionItem(memory, question));
  }

  /** One for reset and emergency: whoever seizes last is the only one who goes on. */
  private static SeizingPath.CrashLane crashLane(FirmwareInstance instance, WorkItemPlan plan) {
    FirmwareContext crashContext = instance.crashContext();
    if (crashContext == null) {
      return null;
    }
    CallMemory memory = crashContext.callMemory(plan.crashBytes());
    return new SeizingPath.CrashLane(
        new EntryLane(crashContext, plan.crashQuestionItem(memory)), plan.crashItem(memory));
  }

  /**
   * The gate.
   *
   * @return always the same
   */
  public FirmwareGate gate() {
    return gate;
  }

  /**
   * The calls.
   *
   * @return always the same pool
   */
  public CallPool pool() {
    return pool;
  }

  /**
   * Who makes queued calls.
   *
   * @return always the same
   */
  public CallConsumer consumer() {
    return consumer;
  }

  /**
   * The way through the ring.
   *
   * @return always the same
   */
  public QueuedPath queued() {
    return queued;
  }

  /**
   * The way past it.
   *
   * @return always the same
   */
  public DirectPath bypass() {
    return bypass;
  }

  /**
   * The way of a reset.
   *
   * @return always the same
   */
  public SeizingPath reset() {
    return reset;
  }

  /**
   * The way of an emergency.
   *
   * @return always the same
   */
  public EmergencyPath emergency() {
    return emergency;
  }

  /**
   * Whether the current thread is inside this firmware.
   *
   * @return true between entering and leaving
   */
  public boolean isInside() {
    return entry.isInside() || consumer.isCurrent() && gate.isWorkerInside();
  }

  /**
   * The fault that disabled this instance. Allocates.
   *
   * @return the report, or null if it has not faulted; never while the gate is still whole
   */
  public FaultReport fault() {
    return entry.fault().report();
  }

  /**
   * Whether this instance has faulted.
   *
   * @return true from the first fault on, once it has damaged the gate
   */
  public boolean hasFaulted() {
    return entry.fault().isSet();
  }

  ArmedInstance successor() {
    return successor;
  }

  void successor(ArmedInstance instance) {
    successor = instance;
  }

  /**
   * Ends every queued call and takes no further ones. The mode must forbid calls already.
   *
   * @param why what the callers are told
   */
  public void retire(Outcome why) {
    pool.sweep(why);
    consumer.halt();
  }
}
