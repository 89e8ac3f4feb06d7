// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.entry.ContextRepairs;
import io.efirts.dispatch.entry.EntryLane;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateOwner;
import io.efirts.dispatch.gate.GatePhase;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.Observer;
import io.efirts.testkit.ScriptedFirmware;
import org.junit.jupiter.api.Test;

/** What a reset does to the gate's word on its way past an owner. */
class SeizingPathTest {
  private static final int RESET = GateTarget.of(RuntimeService.RESET_SYSTEM);
  private static final long PAGE = 4096;

  private final FirmwareGate gate = new FirmwareGate();
  private final SeizingPath path = path(true);

  private SeizingPath path(boolean crashEntry) {
    ScriptedFirmware firmware = new ScriptedFirmware();
    FlatFirmwareContext context = new FlatFirmwareContext(2 * PAGE);
    FlatFirmwareContext crash = crashEntry ? new FlatFirmwareContext(2 * PAGE) : null;
    firmware.crashEntry(frame -> 0);
    Observer observer = new Observer();
    FirmwareEntry entry =
        new FirmwareEntry(
            new FirmwareInstance(firmware, context, crash),
            gate,
            0,
            RtProperties.of(RtProperties.ALL_SERVICES),
            new PendingCapsule(),
            new ContextRepairs(observer),
            observer);
    return new SeizingPath(
        gate,
        entry,
        lane(context),
        item(context),
        crash == null ? null : new SeizingPath.CrashLane(lane(crash), item(crash)),
        new PathSettings(
            NanoClock.SYSTEM,
            AtomicContext.NEVER,
            RtProperties.of(RtProperties.ALL_SERVICES),
            WedgeLimits.defaults(),
            new HandlerThread()),
        observer);
  }

  private static EntryLane lane(FlatFirmwareContext context) {
    return new EntryLane(context, memory(context).item(PAGE, PAGE));
  }

  private static RuntimeCall item(FlatFirmwareContext context) {
    return memory(context).item(0, PAGE);
  }

  private static CallMemory memory(FlatFirmwareContext context) {
    return context.callMemory(2 * PAGE);
  }

  private void wedgeByABypass() {
    assertTrue(gate.wedge(gate.tryAcquire(GateTarget.of(RuntimeService.SET_VARIABLE))));
  }

  @Test
  void aGateThatWasWedgedIsWedgedAgainAfterwards() {
    wedgeByABypass();
    long hold = path.holdForReset(RESET);
    assertEquals(GateOwner.RESET, gate.owner());
    path.letGo(hold);
    assertEquals(GatePhase.WEDGED, gate.phase());
    assertEquals(DispatcherMode.DISABLED, gate.mode());
  }

  /** Another reset that comes meanwhile must not make the first one forget. */
  @Test
  void aGateThatWasWedgedIsWedgedAgainAlthoughAnotherResetCameInVain() {
    wedgeByABypass();
    long hold = path.holdForReset(RESET);
    assertEquals(FirmwareGate.NOT_ACQUIRED, path.holdForReset(RESET));
    path.letGo(hold);
    assertEquals(GatePhase.WEDGED, gate.phase());
  }

  @Test
  void aGateThatWasFreeIsFreeAgainAfterwards() {
    gate.damaged();
    long hold = path.holdForReset(RESET);
    assertNotEquals(FirmwareGate.NOT_ACQUIRED, hold);
    path.letGo(hold);
    assertEquals(GatePhase.FREE, gate.phase());
    assertTrue(gate.isDamaged());
  }

  @Test
  void withoutACrashEntryNothingIsSeized() {
    SeizingPath without = path(false);
    wedgeByABypass();
    long token = gate.token();
    assertEquals(FirmwareGate.NOT_ACQUIRED, without.holdForReset(RESET));
    assertEquals(token, gate.token());
    assertFalse(without.canCall());
  }

  /** A worker that dies while the reset packs leaves firmware that nobody may trust any more. */
  @Test
  void firmwareThatIsDamagedWhileTheResetPacksIsNotCalledInTheOrdinaryWay() {
    SeizingPath without = path(false);
    long hold = without.holdForReset(RESET);
    RuntimeCall item = without.item();
    item.begin(RuntimeService.RESET_SYSTEM);
    gate.workerDied();
    CallResult result = without.execute(hold, item);
    assertEquals(CallResult.refused(Outcome.DISABLED, false, false), result);
    without.letGo(hold);
    assertEquals(GatePhase.FREE, gate.phase());
  }

  /** Fenced in between by a panic whose own call then faulted: it packs, and is let in no more. */
  @Test
  void aFencedResetIsRefusedInOrder() {
    SeizingPath without = path(false);
    RuntimeCall before = without.item();
    long hold = without.holdForReset(RESET);
    assertTrue(gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY));
    gate.seize();
    gate.damaged();
    RuntimeCall item = without.item();
    assertSame(before, item);
    item.begin(RuntimeService.RESET_SYSTEM);
    assertFalse(without.execute(hold, item).firmwareEntered());
    without.letGo(hold);
    assertEquals(GateOwner.EMERGENCY, gate.owner());
  }
}
