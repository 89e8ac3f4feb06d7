// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RebootHook;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes runtime service calls on one firmware, one at a time, from any number of threads.
 *
 * <p>Queued calls are made by one worker thread, or by whoever pumps, in the order in which they
 * were published; non-blocking calls and reset on their callers' threads. All pass one gate. If
 * firmware throws or hangs, the services are disabled before anybody learns of it, and re-armed
 * with a new firmware instance if the embedder's policy says so.
 *
 * <p>Any thread may call any method. The memory lent for work items stays in use until the last
 * call has left the firmware, also after {@link #close()}.
 */
public final class Dispatcher implements AutoCloseable {
  /** How often a close looks again. */
  private static final long LOOK_NANOS = 100_000;

  private final DispatcherParts parts;
  private final Duration closeWait;

  Dispatcher(DispatcherParts parts, Duration closeWait) {
    this.parts = parts;
    this.closeWait = closeWait;
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
    return parts.services().typed(0);
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
    return parts.services().typed(positiveNanos(timeout));
  }

  /**
   * The services by 64-bit words, without a deadline.
   *
   * @return services for any thread
   */
  public RuntimeServicesAbi abi() {
    return parts.services().abi(0);
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
    return parts.services().abi(positiveNanos(timeout));
  }

  /**
   * The typed services, started and not waited for, without a deadline.
   *
   * @return services for any thread
   */
  public AsyncRuntimeServices async() {
    return parts.services().async(0);
  }

  /**
   * The typed services, started and not waited for, with a deadline for each call. It is enforced
   * by the dispatcher's watch, up to 50 milliseconds late.
   *
   * @param timeout positive
   * @return services for any thread
   * @throws IllegalArgumentException if not positive
   */
  public AsyncRuntimeServices async(Duration timeout) {
    return parts.services().async(positiveNanos(timeout));
  }

  /**
   * The services by 64-bit words, started and not waited for, without a deadline.
   *
   * @return services for any thread
   */
  public AsyncRuntimeServicesAbi asyncAbi() {
    return parts.services().asyncAbi(0);
  }

  /**
   * The services by 64-bit words, started and not waited for, with a deadline for each call as in
   * {@link #async(Duration)}.
   *
   * @param timeout positive
   * @return services for any thread
   * @throws IllegalArgumentException if not positive
   */
  public AsyncRuntimeServicesAbi asyncAbi(Duration timeout) {
    return parts.services().asyncAbi(positiveNanos(timeout));
  }

  /**
   * The services that wait for nobody.
   *
   * @return services for any platform thread in any state
   */
  public NonBlockingRuntimeServices nonBlocking() {
    return parts.services().nonBlocking();
  }

  /**
   * Whether calls are made.
   *
   * @return the mode at this moment
   */
  public DispatcherMode mode() {
    DispatcherMode mode = current().gate().mode();
    while (mode == DispatcherMode.REPLACED) {
      // It was replaced between the two looks; its successor is there already.
      mode = current().gate().mode();
    }
    return mode;
  }

  /**
   * What disabled the firmware instance that serves, or did last.
   *
   * @return the report, empty if that instance has not faulted
   */
  public Optional<FaultReport> fault() {
    return Optional.ofNullable(current().fault());
  }

  /**
   * How often something happened.
   *
   * @param counter what
   * @return the count since the start, at about this moment
   */
  public long count(Counter counter) {
    return parts.observer().read(counter);
  }

  /**
   * Makes one queued call, if there is one, and one round of the watch, on the current thread. For
   * dispatchers built with {@link DispatcherBuilder#invoker()}; nothing happens in them but by
   * this, and by blocking calls, which pump for themselves.
   *
   * <p>One thread at a time pumps; while one does, others return at once. Blocks as long as the
   * call is inside the firmware.
   *
   * @return true if a call was taken
   * @throws IllegalStateException if the dispatcher has a worker thread
   */
  public boolean pump() {
    if (!parts.pumped()) {
      throw new IllegalStateException(
          "a dispatcher must be an invoker to be pumped: invoker=false");
    }
    boolean taken = current().consumer().pump();
    parts.roundIfPumped();
    return taken;
  }

  /**
   * Takes the firmware over: the current thread panics, and from now on it alone calls firmware.
   * Queued calls are cancelled without waking their callers, who find out within 50 milliseconds; a
   * call that is inside has the grace period to come back, none if it is the current thread's own;
   * an interrupt does not cut it short, and the flag is kept. Then the gate is seized, whoever has
   * it. The embedder's stops of this thread are deferred from here to {@link Emergency#end}.
   *
   * <p>The first caller wins. If that one has made no progress for four of its grace periods, and
   * at least two seconds, this call tries the reset fallbacks, since nobody else would.
   *
   * <p>For any platform thread in any state. Allocates nothing, takes no lock, logs nothing.
   *
   * @param grace how long to wait for a call that is inside, not negative
   * @return the firmware, or null if another thread has taken it over before or the dispatcher is
   *     closed
   * @throws IllegalArgumentException if the grace period is negative
   */
  public Emergency beginEmergency(Duration grace) {
    return parts.emergency().begin(saturatedNanos(requireNotNegative(grace, "grace")));
  }

  /**
   * The clock of deadlines, limits and waits.
   *
   * @return what the builder was given
   */
  public NanoClock clock() {
    return parts.clock();
  }

  /**
   * How much room each call has for its name and data together.
   *
   * @return bytes, at least what the builder was given
   */
  public int bufferBytes() {
    return parts.bufferBytes();
  }

  /**
   * What defers the embedder's cooperative stops.
   *
   * @return what the builder was given
   */
  public InterruptControl interrupts() {
    return parts.interrupts();
  }

  /**
   * Adds a hook that runs before ResetSystem, behind those that are there.
   *
   * @param hook what to run
   */
  public void addRebootHook(RebootHook hook) {
    parts.reset().addHook(Objects.requireNonNull(hook, "hook"));
  }

  /**
   * Takes a reboot hook away. If a reset runs it at this moment, it goes on.
   *
   * @param hook what was added; nothing happens if it was not
   */
  public void removeRebootHook(RebootHook hook) {
    parts.reset().removeHook(hook);
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
    if (current().consumer().isCurrent() || current().isInside() || parts.inHandler()) {
      throw new IllegalStateException(
          "close must not be called from inside the firmware or a completion handler: thread="
              + Thread.currentThread().getName());
    }
    ArmedInstance instance = drain();
    if (instance == null) {
      return;
    }
    FirmwareGate gate = instance.gate();
    long start = parts.clock().nanoTime();
    long nanos = saturatedNanos(wait);
    while (callsAreLeft(instance)
        && parts.clock().nanoTime() - start < nanos
        && !Thread.currentThread().isInterrupted()) {
      if (!instance.consumer().isAlive() && (gate.mode().makesCalls() || gate.isWorkerInside())) {
        // Nobody else may be there to notice: what it had is wedged and not waited for.
        gate.workerDied();
      }
      if (!instance.consumer().pump()) {
        parts.clock().parkNanos(this, LOOK_NANOS);
      }
    }
    gate.changeMode(DispatcherMode.DRAINING, DispatcherMode.CLOSED);
    instance.retire(Outcome.CLOSED);
    parts.ended(instance, nanos - (parts.clock().nanoTime() - start));
  }

  /** The instance that this call began to close, or null if there is nothing to close. */
  private ArmedInstance drain() {
    while (true) {
      ArmedInstance instance = current();
      FirmwareGate gate = instance.gate();
      if (gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING)
          || gate.changeMode(DispatcherMode.DISABLED, DispatcherMode.CLOSED)) {
        return instance;
      }
      DispatcherMode mode = gate.mode();
      if (mode == DispatcherMode.EMERGENCY || mode == DispatcherMode.DEAD) {
        parts.stopAfterEmergency(instance);
        return null;
      }
      if (mode != DispatcherMode.REPLACED && !mode.allowsEmergency()) {
        return null;
      }
      if (mode == DispatcherMode.DRAINING) {
        return null;
      }
    }
  }

  /** A direct caller inside the firmware counts too: its storage must not be closed under it. */
  private static boolean callsAreLeft(ArmedInstance instance) {
    return EmergencyBegin.isTaken(instance.gate())
        || instance.consumer().isAlive() && instance.pool().anyPending();
  }

  /** The instance that serves, or did last. */
  ArmedInstance current() {
    return parts.instances().current();
  }

  private static long positiveNanos(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must be positive: timeout=" + timeout);
    }
    return saturatedNanos(timeout);
  }

  /** Durations beyond 292 years become that: {@link Duration#toNanos} would throw. */
  static long saturatedNanos(Duration duration) {
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
