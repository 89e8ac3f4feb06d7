// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.stress.CountingFirmware;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * One thread is inside the firmware, another asks whether it is itself inside: never, although the
 * field is plain, for it could only read a name that is not its own.
 */
@JCStressTest
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "each thread knows where it is")
@Outcome(
    id = "true, .*",
    expect = FORBIDDEN,
    desc = "a thread outside was told it is inside and would refuse to wait")
@Outcome(id = ".*, true", expect = FORBIDDEN, desc = "a thread that has left was told it is inside")
@State
public class InsideIsOwn {
  private final CountingFirmware firmware = new CountingFirmware();
  private final FirmwareEntry entry = BareEntry.into(firmware.instance(), new FirmwareGate());
  private final EntryLane lane = BareEntry.laneInto(firmware);
  private final DispatchCall call = CallInState.packed();

  @Actor
  public void inside(ZZ_Result r) {
    entry.call(lane, call.item());
    r.r2 = entry.isInside();
  }

  @Actor
  public void outside(ZZ_Result r) {
    r.r1 = entry.isInside();
  }
}
