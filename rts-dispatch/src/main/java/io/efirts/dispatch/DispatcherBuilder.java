// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.event.DispatcherListener;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.dispatch.instance.InstanceSettings;
import io.efirts.dispatch.instance.WorkItemPlan;
import io.efirts.dispatch.path.HandlerThread;
import io.efirts.dispatch.path.PathSettings;
import io.efirts.dispatch.policy.LatencyRecorder;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.dispatch.policy.RebootHook;
import io.efirts.dispatch.policy.ResetFallback;
import io.efirts.dispatch.policy.WorkerWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a dispatcher is to be. Not thread-safe; {@link #start} may be called more than once, each
 * call making an independent dispatcher.
 */
public final class DispatcherBuilder {
  private static final int MAXIMUM_CALLS = 4096;
  private static final int MINIMUM_BUFFER_BYTES = 1024;
  private static final int MAXIMUM_BUFFER_BYTES = 16 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private static final ThreadFactory WATCH_THREADS =
      Thread.ofPlatform().name("efi-rts-watch").daemon(true).factory();

  private FirmwareFactory factory;
  private Firmware flatFirmware;
  private int calls = 32;
  private int bufferBytes = 66 * 1024;
  private ThreadFactory threads = Thread.ofPlatform().name("efi-rts").daemon(true).factory();
  private InterruptControl interrupts = InterruptControl.NONE;
  private WorkerWait workerWait = WorkerWait.ADAPTIVE;
  private boolean invoker;
  private NanoClock clock = NanoClock.SYSTEM;
  private AtomicContext atomicContext = AtomicContext.NEVER;
  private RtProperties supported = RtProperties.of(RtProperties.ALL_SERVICES);
  private WedgeLimits wedgeLimits = WedgeLimits.defaults();
  private RearmPolicy rearmPolicy = RearmPolicy.NEVER;
  private long reserveBytes = 5120;
  private final List<RebootHook> hooks = new ArrayList<>();
  private final List<ResetFallback> fallbacks = new ArrayList<>();
  private final List<DispatcherListener> listeners = new ArrayList<>();
  private LatencyRecorder latencies;
  private StepHook steps;
  private Duration closeWait = Duration.ofSeconds(10);
  private Duration resetWait = Duration.ofSeconds(1);

  /** A builder with the defaults. */
  DispatcherBuilder() {}

  /**
   * A firmware that needs no page tables: it is called in a flat context of its own.
   *
   * @param firmware answers the calls
   * @return this builder
   */
  public DispatcherBuilder firmware(Firmware firmware) {
    this.flatFirmware = Objects.requireNonNull(firmware, "firmware");
    this.factory = null;
    return this;
  }

  /**
   * A firmware with its own context.
   *
   * @param factory makes the instance when the dispatcher starts
   * @return this builder
   */
  public DispatcherBuilder firmware(FirmwareFactory factory) {
    this.factory = Objects.requireNonNull(factory, "factory");
    this.flatFirmware = null;
    return this;
  }

  /**
   * How many calls can be in the dispatcher at a time; further callers wait. Default 32.
   *
   * @param calls 1 to 4096
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public DispatcherBuilder calls(int calls) {
    this.calls = within(calls, 1, MAXIMUM_CALLS, "calls");
    return this;
  }

  /**
   * How much room each call has for its name and data together. Default 67584, which holds a 64 KiB
   * value and a 1 KiB name.
   *
   * @param bufferBytes 1024 to 16777216; rounded up so that work items fill whole pages
   * @return this builder
   * @throws IllegalArgumentException if out of range
   */
  public DispatcherBuilder bufferBytes(int bufferBytes) {
    this.bufferBytes =
        within(bufferBytes, MINIMUM_BUFFER_BYTES, MAXIMUM_BUFFER_BYTES, "bufferBytes");
    return this;
  }

  /**
   * Makes the worker's thread: name, priority, affinity. Default a daemon thread named "efi-rts".
   *
   * @param threads makes platform threads
   * @return this builder
   */
  public DispatcherBuilder threads(ThreadFactory threads) {
    this.threads = Objects.requireNonNull(threads, "threads");
    return this;
  }

  /**
   * Defers the embedder's cooperative stops while a thread has the gate. Default none.
   *
   * @param interrupts the embedder's control
   * @return this builder
   */
  public DispatcherBuilder interrupts(InterruptControl interrupts) {
    this.interrupts = Objects.requireNonNull(interrupts, "interrupts");
    return this;
  }

  /**
   * How long {@link Dispatcher#close()} lets queued and running calls go on. Default 10 s.
   *
   * @param closeWait not negative
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public DispatcherBuilder closeWait(Duration closeWait) {
    this.closeWait = Dispatcher.requireNotNegative(closeWait, "closeWait");
    return this;
  }

  /**
   * How long ResetSystem waits for a call that is inside the firmware; an interrupt does not cut it
   * short, and the flag is kept. Default 1 s.
   *
   * @param resetWait not negative
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public DispatcherBuilder resetWait(Duration resetWait) {
    this.resetWait = Dispatcher.requireNotNegative(resetWait, "resetWait");
    return this;
  }

  /**
   * How the worker waits for the next call. Default {@link WorkerWait#ADAPTIVE}.
   *
   * @param workerWait how
   * @return this builder
   */
  public DispatcherBuilder workerWait(WorkerWait workerWait) {
    this.workerWait = Objects.requireNonNull(workerWait, "workerWait");
    return this;
  }

  /**
   * No threads: queued calls are made by whoever calls {@link Dispatcher#pump()}, or waits for a
   * call of its own. With a virtual clock everything that happens is deterministic.
   *
   * @return this builder
   */
  public DispatcherBuilder invoker() {
    this.invoker = true;
    return this;
  }

  /**
   * The clock of deadlines, limits and waits; waiting threads wait by it. Default the JVM's.
   *
   * @param clock the clock
   * @return this builder
   */
  public DispatcherBuilder clock(NanoClock clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Where waiting is forbidden: a blocking call made there is refused as {@link
   * io.efirts.api.Outcome#WOULD_BLOCK}, and the first one reported with its stack. Default nowhere.
   *
   * @param atomicContext tells whether the current thread may wait
   * @return this builder
   */
  public DispatcherBuilder atomicContext(AtomicContext atomicContext) {
    this.atomicContext = Objects.requireNonNull(atomicContext, "atomicContext");
    return this;
  }

  /**
   * Which services the platform supports: others are refused as {@link
   * io.efirts.api.Outcome#UNSUPPORTED} without entering firmware. Default all.
   *
   * @param supported the platform's table
   * @return this builder
   * @throws IllegalArgumentException if the table's version or length is not the known one
   */
  public DispatcherBuilder supportedServices(RtProperties supported) {
    if (!supported.isValid()) {
      throw new IllegalArgumentException(
          "properties table must be of a known version: version="
              + supported.version()
              + ", length="
              + supported.length());
    }
    this.supported = supported;
    return this;
  }

  /**
   * How long calls of a service may be inside the firmware before it counts as wedged: the services
   * are then disabled and the callers released. Default 120 s, none for UpdateCapsule.
   *
   * @param service the service; null for vendors' entries
   * @param limit positive; null for none
   * @return this builder
   * @throws IllegalArgumentException if not positive
   */
  public DispatcherBuilder wedgeLimit(RuntimeService service, Duration limit) {
    if (limit != null && (limit.isNegative() || limit.isZero())) {
      throw new IllegalArgumentException("limit must be positive: limit=" + limit);
    }
    wedgeLimits = wedgeLimits.with(GateTarget.of(service), limit);
    return this;
  }

  /**
   * What follows after the services were disabled. Default {@link RearmPolicy#NEVER}.
   *
   * <p>Firmware given as an object, without a factory, is re-armed after a fault with a new
   * context; after a wedge never, since the same object would be entered again.
   *
   * @param rearmPolicy the policy
   * @return this builder
   */
  public DispatcherBuilder rearm(RearmPolicy rearmPolicy) {
    this.rearmPolicy = Objects.requireNonNull(rearmPolicy, "rearmPolicy");
    return this;
  }

  /**
   * How much non-volatile storage writes must leave free, on every path; deletes and volatile
   * writes are exempt. Firmware is asked before each such write. Default 5120, below which some
   * firmware does not start any more.
   *
   * @param reserveBytes not negative; 0 to ask nothing
   * @return this builder
   * @throws IllegalArgumentException if negative
   */
  public DispatcherBuilder storageReserve(long reserveBytes) {
    if (reserveBytes < 0) {
      throw new IllegalArgumentException(
          "storage reserve must not be negative: reserveBytes=" + reserveBytes);
    }
    this.reserveBytes = reserveBytes;
    return this;
  }

  /**
   * Runs before ResetSystem, in the order given.
   *
   * @param hook what to run
   * @return this builder
   */
  public DispatcherBuilder rebootHook(RebootHook hook) {
    hooks.add(Objects.requireNonNull(hook, "hook"));
    return this;
  }

  /**
   * Resets by other means when firmware did not, tried in the order given.
   *
   * @param fallback another way
   * @return this builder
   */
  public DispatcherBuilder resetFallback(ResetFallback fallback) {
    fallbacks.add(Objects.requireNonNull(fallback, "fallback"));
    return this;
  }

  /**
   * Is told what happens.
   *
   * @param listener whom to tell
   * @return this builder
   */
  public DispatcherBuilder listener(DispatcherListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * Takes the times of queued calls. Default nobody, and then no clock is read.
   *
   * @param latencyRecorder takes them
   * @return this builder
   */
  public DispatcherBuilder latencies(LatencyRecorder latencyRecorder) {
    this.latencies = Objects.requireNonNull(latencyRecorder, "latencyRecorder");
    return this;
  }

  /**
   * Is told of every step of gate and calls. For tests: it can stop a thread or tear it down in any
   * of them.
   *
   * @param stepHook told of each
   * @return this builder
   */
  public DispatcherBuilder stepHook(StepHook stepHook) {
    this.steps = Objects.requireNonNull(stepHook, "stepHook");
    return this;
  }

  /**
   * Makes the firmware instance and starts the worker. Walks the crash path once, beside it, so
   * that a panic loads no class: some milliseconds in a JVM that has just started.
   *
   * @return a dispatcher; open, unless the firmware could not be brought into virtual mode
   * @throws IllegalStateException if no firmware was given
   * @throws IllegalArgumentException if the context cannot lend enough memory for the work items
   */
  public Dispatcher start() {
    CrashRehearsal.make();
    Dispatcher dispatcher = assemble();
    LOG.info("runtime services started: mode={}, calls={}", dispatcher.mode(), calls);
    return dispatcher;
  }

  /** Starts without a word, and without a rehearsal. */
  Dispatcher assemble() {
    WorkItemPlan plan = new WorkItemPlan(calls, bufferBytes);
    PathSettings path =
        new PathSettings(clock, atomicContext, supported, wedgeLimits, new HandlerThread());
    InstanceSettings settings =
        new InstanceSettings(
            plan, invoker ? null : threads, workerWait, interrupts, reserveBytes, path, steps);
    DispatcherParts.Surroundings around =
        new DispatcherParts.Surroundings(
            rearmPolicy,
            hooks,
            fallbacks,
            listeners,
            latencies,
            Dispatcher.saturatedNanos(resetWait));
    DispatcherParts parts =
        new DispatcherParts(factory(plan), factory == null, settings, WATCH_THREADS, around);
    return new Dispatcher(parts, closeWait);
  }

  private FirmwareFactory factory(WorkItemPlan plan) {
    if (factory != null) {
      return factory;
    }
    Firmware firmware = flatFirmware;
    if (firmware == null) {
      throw new IllegalStateException("a dispatcher needs a firmware: firmware=null");
    }
    return () ->
        new FirmwareInstance(
            firmware,
            new FlatFirmwareContext(plan.totalBytes()),
            firmware.crashEntry() == null ? null : new FlatFirmwareContext(plan.crashBytes()));
  }

  private static int within(int value, int minimum, int maximum, String name) {
    if (value < minimum || value > maximum) {
      throw new IllegalArgumentException(
          name + " must be " + minimum + " to " + maximum + ": " + name + "=" + value);
    }
    return value;
  }
}
