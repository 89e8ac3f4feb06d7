// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.call.CallMemory;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.dispatch.service.ServicePaths;
import io.efirts.dispatch.worker.WorkerThread;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes runtime service calls on one firmware, one at a time, from any number of threads.
 *
 * <p>Queued calls are made by one worker thread in the order in which they were published;
 * non-blocking calls and reset on their callers' threads. All pass one gate. If firmware throws,
 * the services are disabled for good.
 *
 * <p>Any thread may call any method. The memory lent for work items stays in use until the last
 * call has left the firmware, also after {@link #close()}.
 */
public final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How often a close looks whether calls are left. */
  private static final long LOOK_NANOS = 100_000;

  private final FirmwareGate gate = new FirmwareGate();
  private final CallPool pool;
  private final FirmwareEntry entry;
  private final WorkerThread worker;
  private final ServicePaths paths;
  private final Duration closeWait;

  Dispatcher(
      FirmwareInstance instance,
      WorkItemPlan plan,
      ThreadFactory threads,
      InterruptControl interrupts,
      Duration closeWait,
      Duration resetWait) {
    FirmwareContext context = instance.context();
    CallMemory memory = context.callMemory(plan.totalBytes());
    // Twice as many slots as calls: a call that was cancelled and published again holds two.
    CallRing ring = new CallRing(2 * plan.calls());
    this.closeWait = closeWait;
    pool = plan.queuedCalls(memory);
    entry = new FirmwareEntry(instance, gate);
    worker = new WorkerThread(ring, gate, entry, new EntryLane(context), pool, interrupts, threads);
    paths =
        new ServicePaths(
            pool,
            ring,
            gate,
            worker,
            entry,
            new EntryLane(context),
            plan.bypassItem(memory),
            new EntryLane(context),
            plan.resetItem(memory),
            interrupts,
            saturatedNanos(resetWait));
    worker.start();
    LOG.info("runtime services open: calls={}, firmware={}", plan.calls(), instance.firmware());
  }

  /**
   * How a dispatcher is to be.
   *
   * @return a new builder with the defaults
   */
  public static DispatcherBuilder builder() {
    return new DispatcherBuilder();
  }

  /**
   * The typed services, without a deadline.
   *
   * @return services for any thread
   */
  public RuntimeServices runtimeServices() {
    return paths.typed(0);
  }

  /**
   * The typed services, with a deadline for each call, counted from its start, queueing included. A
   * caller whose deadline passes leaves with {@link Outcome#TIMED_OUT}, or with {@link
   * Outcome#BUSY} if there was no room for its call; nobody else is affected.
   *
   * @param timeout positive
   * @return services for any thread
   * @throws IllegalArgumentException if not positive
   */
  public RuntimeServices runtimeServices(Duration timeout) {
    return paths.typed(positiveNanos(timeout));
  }

  /**
   * The services by 64-bit words, without a deadline.
   *
   * @return services for any thread
   */
  public RuntimeServicesAbi abi() {
    return paths.abi(0);
  }

  /**
   * The services by 64-bit words, with a deadline for each call as in {@link
   * #runtimeServices(Duration)}.
   *
   * @param timeout positive
   * @return services for any thread
   * @throws IllegalArgumentException if not positive
   */
  public RuntimeServicesAbi abi(Duration timeout) {
    return paths.abi(positiveNanos(timeout));
  }

  /**
   * The services that wait for nobody.
   *
   * @return services for any platform thread in any state
   */
  public NonBlockingRuntimeServices nonBlocking() {
    return paths.nonBlocking();
  }

  /**
   * Whether calls are made.
   *
   * @return the mode at this moment
   */
  public DispatcherMode mode() {
    return gate.mode();
  }

  /**
   * What firmware threw when it disabled the services.
   *
   * @return the exception or error, empty if firmware has not thrown
   */
  public Optional<Throwable> fault() {
    return Optional.ofNullable(entry.fault());
  }

  /** Closes with the wait given to the builder. */
  @Override
  public void close() {
    close(closeWait);
  }

  /**
   * Closes: new calls are refused at once; calls already queued are made until the wait is over,
   * then cancelled; a call still inside the firmware is then abandoned. Every caller has its result
   * when, or shortly after, this returns. A second call does nothing.
   *
   * <p>Returns early only when nobody is inside the firmware, direct callers included. Blocks at
   * most the wait and some milliseconds. If the current thread is interrupted, the wait is over at
   * once and the flag stays set.
   *
   * @param wait longest time for calls to end, not negative
   * @throws IllegalArgumentException if the wait is negative
   * @throws IllegalStateException if called on the worker thread or from inside a call, which would
   *     wait for itself
   */
  public void close(Duration wait) {
    requireNotNegative(wait, "wait");
    if (worker.isCurrent() || entry.isInside()) {
      throw new IllegalStateException(
          "close must not be called from inside the firmware: thread="
              + Thread.currentThread().getName());
    }
    if (!gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING)
        && !gate.changeMode(DispatcherMode.DISABLED, DispatcherMode.CLOSED)) {
      return;
    }
    long start = System.nanoTime();
    long nanos = saturatedNanos(wait);
    while (callsAreLeft()
        && System.nanoTime() - start < nanos
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    gate.changeMode(DispatcherMode.DRAINING, DispatcherMode.CLOSED);
    pool.sweep(Outcome.CLOSED);
    worker.halt();
    boolean ended = joinWorker(nanos - (System.nanoTime() - start));
    LOG.info("runtime services closed: workerEnded={}", ended);
  }

  /** A direct caller inside the firmware counts too: its storage must not be closed under it. */
  private boolean callsAreLeft() {
    return gate.phase() != GatePhase.FREE || worker.isAlive() && pool.anyPending();
  }

  private boolean joinWorker(long nanos) {
    try {
      return worker.join(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long positiveNanos(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must be positive: timeout=" + timeout);
    }
    return saturatedNanos(timeout);
  }

  /** Durations beyond 292 years become that: {@link Duration#toNanos} would throw. */
  private static long saturatedNanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  static Duration requireNotNegative(Duration duration, String name) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + duration);
    }
    return duration;
  }
}
