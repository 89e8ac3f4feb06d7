// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.stress.CountingFirmware;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Firmware throws; whoever sees the services disabled also sees why (I-9, I-12). */
@JCStressTest
@Outcome(id = "OPEN", expect = ACCEPTABLE, desc = "looked before the fault")
@Outcome(
    id = "DISABLED, with the fault",
    expect = ACCEPTABLE,
    desc = "the reason is there before the mode")
@Outcome(id = "DISABLED, no reason", expect = FORBIDDEN, desc = "disabled and nobody can tell why")
@State
public class FaultAgainstLook {
  private static final IllegalStateException FAULT = new IllegalStateException("firmware fault");

  private final FirmwareGate gate = new FirmwareGate();
  private final CountingFirmware context = new CountingFirmware();
  private final FirmwareEntry entry =
      BareEntry.into(new FirmwareInstance(FaultAgainstLook::fault, context), gate);
  private final EntryLane lane = BareEntry.laneInto(context);
  private final DispatchCall call = CallInState.packed();

  private static long fault(CallFrame frame) {
    throw FAULT;
  }

  @Actor
  public void caller() {
    entry.call(lane, call.item());
  }

  @Actor
  public void look(L_Result r) {
    if (gate.mode() == DispatcherMode.OPEN) {
      r.r1 = "OPEN";
    } else {
      r.r1 = entry.fault().isSet() ? "DISABLED, with the fault" : "DISABLED, no reason";
    }
  }
}
