// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.entry.ContextRepairs;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.event.DispatcherListener;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.instance.InstanceSettings;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.instance.Rearming;
import io.efirts.dispatch.instance.SharedState;
import io.efirts.dispatch.observe.BypassLog;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.path.EmergencyProgress;
import io.efirts.dispatch.path.HandlerThread;
import io.efirts.dispatch.path.ResetFallbacks;
import io.efirts.dispatch.policy.LatencyRecorder;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.dispatch.policy.RebootHook;
import io.efirts.dispatch.policy.ResetFallback;
import io.efirts.dispatch.reset.ResetSequence;
import io.efirts.dispatch.rounds.RoundsThread;
import io.efirts.dispatch.service.Services;
import io.efirts.dispatch.watch.Reporter;
import io.efirts.dispatch.watch.Watch;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a dispatcher, put together and started, and stopped again in order. */
final class DispatcherParts {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** The last round delivers what was cancelled; it is short unless a handler is not. */
  private static final long LAST_ROUND_NANOS = 100_000_000;

  private final Observer observer = new Observer();
  private final InstanceSettings settings;
  private final Instances instances;
  private final Services services;
  private final ResetSequence reset;
  private final EmergencyBegin emergency;
  private final Watch watch;

  /** Null where the embedder pumps. */
  private final RoundsThread watchThread;

  /** One round at a time, where several threads may pump. */
  private final AtomicBoolean inRound = new AtomicBoolean();

  /** A close found another thread in a round, which may be past what the close has ended. */
  private final AtomicBoolean roundOwed = new AtomicBoolean();

  /**
   * What surrounds the calls.
   *
   * @param rearm what follows a fault
   * @param hooks run before a reset
   * @param fallbacks follow it
   * @param listeners are told
   * @param latencies takes times, or null
   * @param resetWaitNanos longest wait of a reset for the gate
   */
  record Surroundings(
      RearmPolicy rearm,
      List<RebootHook> hooks,
      List<ResetFallback> fallbacks,
      List<DispatcherListener> listeners,
      LatencyRecorder latencies,
      long resetWaitNanos) {}

  DispatcherParts(
      FirmwareFactory factory,
      boolean sameFirmware,
      InstanceSettings settings,
      ThreadFactory watchThreads,
      Surroundings around) {
    this.settings = settings;
    NanoClock clock = settings.path().clock();
    watchThread = pumped() ? null : new RoundsThread(observer::handlerFailed);
    Watchman watchman = pumped() ? () -> {} : watchThread::wake;
    PendingCapsule capsule = new PendingCapsule();
    ResetFallbacks fallbacks = new ResetFallbacks(around.fallbacks(), capsule, observer);
    SharedState shared =
        new SharedState(
            observer,
            new ContextRepairs(observer),
            new BypassLog(clock),
            around.latencies(),
            capsule,
            fallbacks,
            new EmergencyProgress(clock),
            watchman);
    ArmedInstance first = new ArmedInstance(factory.create(), settings, shared);
    instances = new Instances(first);
    emergency =
        new EmergencyBegin(instances, settings.interrupts(), clock, shared.progress(), fallbacks);
    reset =
        new ResetSequence(
            instances,
            settings.interrupts(),
            clock,
            around.resetWaitNanos(),
            capsule,
            around.hooks(),
            fallbacks,
            observer,
            watchman);
    services = new Services(instances, reset, observer, watchman);
    Rearming rearming =
        new Rearming(
            instances, factory, sameFirmware, around.rearm(), settings, shared, services::typedOf);
    watch =
        new Watch(
            instances,
            rearming,
            reset,
            new Reporter(observer, shared.repairs(), shared.bypassLog(), around.listeners()),
            clock,
            settings.path().wedgeLimits(),
            settings.path().handlers(),
            observer);
    first.consumer().start();
    if (watchThread != null) {
      watchThread.start(watch::round, watchThreads);
    }
  }

  Instances instances() {
    return instances;
  }

  Services services() {
    return services;
  }

  ResetSequence reset() {
    return reset;
  }

  EmergencyBegin emergency() {
    return emergency;
  }

  Observer observer() {
    return observer;
  }

  NanoClock clock() {
    return settings.path().clock();
  }

  InterruptControl interrupts() {
    return settings.interrupts();
  }

  int bufferBytes() {
    return settings.plan().bufferBytes();
  }

  boolean pumped() {
    return settings.threads() == null;
  }

  boolean inHandler() {
    HandlerThread handlers = settings.path().handlers();
    return handlers.isCurrent();
  }

  /** Makes a round of the watch on the current thread, unless another thread is making one. */
  void roundIfPumped() {
    while (pumped() && inRound.compareAndSet(false, true)) {
      try {
        roundOwed.set(false);
        watch.round();
      } catch (Throwable thrown) {
        // As in a watch of its own thread: who pumps has nothing to do with what others' calls do.
        observer.handlerFailed(thrown);
      } finally {
        inRound.set(false);
      }
      // After leaving: who owes one has seen this thread inside, or makes it.
      if (!roundOwed.get()) {
        return;
      }
    }
  }

  /** The instance was retired: its worker ends, then the watch makes its last round. */
  void ended(ArmedInstance instance, long nanos) {
    boolean workerEnded = join(instance, nanos);
    if (watchThread == null) {
      roundOwed.set(true);
      roundIfPumped();
    } else {
      watchThread.stop();
      joinWatch(nanos);
    }
    LOG.info("runtime services closed: workerEnded={}", workerEnded);
  }

  /** A dispatcher that was taken over has nothing left to drain. */
  void stopAfterEmergency(ArmedInstance instance) {
    instance.retire(instance.gate().mode().refusal());
    ended(instance, 0);
  }

  private static boolean join(ArmedInstance instance, long nanos) {
    try {
      return instance.consumer().join(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void joinWatch(long nanos) {
    try {
      watchThread.join(Math.max(nanos, LAST_ROUND_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
