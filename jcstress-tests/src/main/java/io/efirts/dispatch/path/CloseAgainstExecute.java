// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import static io.efirts.api.Outcome.CLOSED;
import static io.efirts.api.Outcome.TIMED_OUT;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.CallResult;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.WorkerWait;
import io.efirts.dispatch.ring.CallRing;
import io.efirts.stress.CountingFirmware;
import io.efirts.stress.Finish;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A whole blocking call, as the queued path makes it, against a close that lets queued calls be
 * made and then has no time left for them. No worker comes by: the caller's own look at the mode
 * after publishing, or the sweep, ends the call (I-27).
 */
@JCStressTest
@Outcome(id = "CLOSED", expect = ACCEPTABLE, desc = "swept, or withdrawn by its own caller")
@Outcome(
    id = "cannot tell",
    expect = ACCEPTABLE,
    desc = "the closing thread was stopped by the machine")
@Outcome(
    id = "TIMED_OUT",
    expect = FORBIDDEN,
    desc = "published behind the close and waited for ever, but for its deadline")
@State
public class CloseAgainstExecute {
  private static final long DEADLINE_NANOS = 300_000_000;
  private static final PathSettings SETTINGS =
      new PathSettings(
          NanoClock.SYSTEM,
          AtomicContext.NEVER,
          RtProperties.of(RtProperties.ALL_SERVICES),
          WedgeLimits.defaults(),
          new HandlerThread());

  private final FirmwareGate gate = new FirmwareGate();
  private final CallPool pool = CallInState.poolOfOne();
  private final DispatchCall call = pool.take();
  private final QueuedPath path =
      new QueuedPath(
          pool,
          new CallRing(2, WorkerWait.ADAPTIVE),
          gate,
          BareEntry.into(new CountingFirmware().instance(), gate),
          new AbsentConsumer(),
          SETTINGS,
          BareEntry.TIMER,
          BareEntry.OBSERVER,
          () -> {});
  private final Finish closed = new Finish();

  @Actor
  public void caller(L_Result r) {
    call.lendTo(true, System.nanoTime() + DEADLINE_NANOS, null);
    CallResult told = path.execute(call);
    boolean early = told.outcome() == TIMED_OUT && !closed.reached();
    r.r1 = early ? "cannot tell" : told.outcome();
  }

  @Actor
  public void close() {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
    pool.sweep(CLOSED);
    closed.reach();
  }
}
