// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.PendingCall;
import io.efirts.api.call.CallFrame;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.Serving;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.policy.FirmwareProbe;
import io.efirts.dispatch.policy.RearmPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One schedule of a dispatcher: callers, pumpers where there is no worker, and an environment that
 * brings about the ending.
 */
final class Scene {
  static final Duration DEADLINE = Duration.ofMillis(5);
  static final Duration WEDGE_LIMIT = Duration.ofSeconds(1);

  private static final int TAGS = 64;
  private static final int FIRST_OWN_TAG = 40;

  /** From here on, calls that nothing befalls and in which nobody stands still. */
  private static final int FIRST_PLAIN_TAG = 56;

  private static final int PUMPERS = 2;

  private final Stage stage;
  private final Ending ending;
  private final Fate fate;
  private final EntryLog log = new EntryLog(TAGS);
  private final Dispatcher dispatcher;
  private final ArmedInstance first;
  private final Set<ArmedInstance> instances = new CopyOnWriteArraySet<>();
  private final List<Caller> callers = new ArrayList<>();
  private final List<TaggedCall> ownCalls = new ArrayList<>();
  private final AtomicInteger tag = new AtomicInteger(TaggedFirmware.FIRST_TAG);
  private int plainTag = FIRST_PLAIN_TAG;
  private volatile boolean pumping = true;
  private volatile boolean over;

  /** A dispatcher on a stage; nobody calls yet. */
  Scene(Stage stage, Ending ending) {
    this.stage = stage;
    this.ending = ending;
    fate = Fate.of(ending, this);
    DispatcherBuilder builder =
        Dispatcher.builder()
            .calls(1 + choose(3))
            .bufferBytes(1024)
            .stepHook(this::step)
            .firmware(this::newInstance);
    Duration limit = fate.wedges() ? WEDGE_LIMIT : null;
    builder.wedgeLimit(RuntimeService.CONVERT_POINTER, limit);
    builder.wedgeLimit(RuntimeService.QUERY_VARIABLE_INFO, limit);
    builder.wedgeLimit(null, limit);
    builder.wedgeLimit(RuntimeService.GET_TIME, null);
    if (fate.rearms()) {
      // Where calls are given up on, no time may have to pass for re-arming: the new firmware's
      // calls would be given up on as well on a machine that is slow enough.
      Duration pause = Duration.ofMillis(fate.wedges() ? 0 : 20L * choose(2));
      builder.rearm(new RearmPolicy(3, pause, FirmwareProbe.READ_ONLY, Duration.ofDays(1)));
    }
    stage.configure(builder);
    dispatcher = builder.start();
    first = Serving.of(dispatcher);
  }

  /** Brings on the actors. */
  void play() {
    int number = 2 + choose(2);
    for (int i = 0; i < number; i++) {
      callers.add(new Caller(this, 1 + choose(3)));
    }
    for (int i = 0; i < number; i++) {
      actor("caller " + i, callers.get(i)::run);
    }
    for (int i = 0; stage.pumps() && i < PUMPERS; i++) {
      actor("pumper " + i, this::pump);
    }
    actor("environment", this::environment);
  }

  /** I-1. */
  boolean haveMetInside() {
    return log.haveMetInside();
  }

  /** Remembers which instance serves: each is looked at in the end. */
  boolean noteInstance() {
    instances.add(Serving.of(dispatcher));
    return true;
  }

  private FirmwareInstance newInstance() {
    TaggedFirmware firmware = new TaggedFirmware(log, this::inside, fate.hasCrashEntry());
    return new FirmwareInstance(
        firmware,
        new FlatFirmwareContext(1 << 16),
        fate.hasCrashEntry() ? new FlatFirmwareContext(1 << 14) : null);
  }

  private void inside(int callTag, int entry, CallFrame frame) {
    if (callTag >= FIRST_OWN_TAG && callTag < FIRST_PLAIN_TAG) {
      fate.insideOwn();
    } else if (callTag < FIRST_OWN_TAG) {
      pass(callTag % 3);
      fate.inside(entry, frame);
    }
  }

  private void step(Step step) {
    stage.moved();
    stage.standStill(step.name());
    stage.moved();
    fate.step(stage.isMaker());
  }

  private void pump() {
    stage.becomeMaker();
    while (pumping && !over) {
      if (!dispatcher.pump()) {
        stage.pause("idle");
      }
    }
  }

  private void environment() {
    try {
      fate.script();
      until("all calls ended", this::allEnded);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; " + this, e);
    }
    over = true;
    stage.moved();
  }

  /** What must be the case once every actor has ended; closes the dispatcher. */
  void check() {
    noteInstance();
    for (Caller caller : callers) {
      caller.check(ending, log);
    }
    assertFalse(haveMetInside(), "nobody may meet inside");
    ownCalls.forEach(TaggedCall::checkCompleted);
    for (ArmedInstance instance : instances) {
      CallPool pool = instance.pool();
      int least = pool.size() - (instance == first ? fate.mayLose() : 0);
      until("the pool is whole: " + describe(pool), () -> freeCalls(pool) >= least);
      assertTrue(freeCalls(pool) >= least, () -> "the pool must be whole: " + describe(pool));
    }
    fate.check();
    dispatcher.close(Duration.ZERO);
  }

  private static String describe(CallPool pool) {
    return pool.size() + " calls, free " + freeCalls(pool);
  }

  /** For messages of failed assertions: gate, pool and callers of the instance that serves. */
  @Override
  public String toString() {
    ArmedInstance instance = Serving.of(dispatcher);
    FirmwareGate gate = instance.gate();
    return (instance == first ? "first: " : "re-armed: ")
        + gate.mode()
        + ", "
        + gate.phase()
        + " by "
        + gate.owner()
        + ", worker "
        + (instance.consumer().isAlive() ? "alive" : "dead")
        + ", "
        + describe(instance.pool())
        + "; "
        + callers;
  }

  /** Takes all calls there are and gives them back. */
  static int freeCalls(CallPool pool) {
    List<DispatchCall> taken = new ArrayList<>();
    for (DispatchCall call = pool.take(); call != null; call = pool.take()) {
      taken.add(call);
    }
    taken.forEach(call -> pool.giveBack(call, call.generation()));
    return taken.size();
  }

  Stage stage() {
    return stage;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  EntryLog log() {
    return log;
  }

  List<Caller> callers() {
    return callers;
  }

  /** The instance that served first. */
  ArmedInstance first() {
    return first;
  }

  int choose(int bound) {
    return stage.choose(bound);
  }

  boolean chance(int of) {
    return choose(of) == 0;
  }

  /** A tag for a caller's next call. */
  int nextTag() {
    return tag.getAndIncrement();
  }

  /** Lets others go on, some time or none. */
  void pass(int turns) {
    for (int i = 0; i < turns; i++) {
      stage.pass("passing");
    }
  }

  /** Lets others go on for a random while in which hardly any time passes. */
  void dawdle(int mostTurns) {
    for (int turns = choose(mostTurns); turns > 0; turns--) {
      stage.pass("dawdling");
      noteInstance();
      if (chance(16)) {
        stage.advance(Duration.ofMillis(1));
      }
    }
  }

  void until(String what, BooleanSupplier condition) {
    stage.until(what, () -> noteInstance() && condition.getAsBoolean());
  }

  void untilInTime(String what, BooleanSupplier condition) {
    stage.untilInTime(what, () -> noteInstance() && condition.getAsBoolean());
  }

  /**
   * Starts a call that nobody waits for, so that whoever watches has something to watch; gives its
   * handle.
   */
  PendingCall knock() {
    AsyncRuntimeServices services = dispatcher.async();
    PendingCall call = services.newPendingCall(result -> stage.moved());
    services.getTime(call, new EfiTimeHolder(), null);
    return call;
  }

  /** Adds an actor of the fate's own. */
  void actor(String name, Runnable task) {
    stage.actor(name, task);
  }

  /** Nobody pumps any more but who waits for a call of its own. */
  void stopPumping() {
    pumping = false;
    stage.moved();
  }

  boolean allEnded() {
    return callers.stream().allMatch(Caller::hasEnded);
  }

  /** Every caller but the thread that is stuck has all its ends. */
  boolean allEndedBut(Thread stuck) {
    return callers.stream().allMatch(caller -> caller.hasEnded() || caller.thread() == stuck);
  }

  boolean isCaller(Thread thread) {
    return callers.stream().anyMatch(caller -> caller.thread() == thread);
  }

  /** Makes a call that nothing befalls: it must be answered. */
  void callOnOwnAccount(Style style) {
    TaggedCall call = new TaggedCall(FIRST_OWN_TAG + ownCalls.size(), style);
    ownCalls.add(call);
    call.make(dispatcher, stage::pause);
  }

  /** A tag for a call that nothing befalls. */
  int plainTag() {
    return plainTag++;
  }
}
