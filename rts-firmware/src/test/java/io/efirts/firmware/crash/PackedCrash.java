// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import io.efirts.api.VariableNameCursor;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.call.TimeCalls;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.CrashEntry;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.machine.ReferenceMachine;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The calls of a crash, packed beforehand; making them allocates nothing of its own. */
final class PackedCrash {
  private static final long ITEM_BYTES = 4096;
  private static final long BYTES = 12 * ITEM_BYTES;
  private static final int NV = FirmwareHarness.NV | FirmwareHarness.BS | FirmwareHarness.RT;

  private final CrashEntry entry;
  private final CallFrame frame;
  private final RuntimeCall[] calls;

  PackedCrash(CrashEntry entry) {
    this(entry, new FlatFirmwareContext(BYTES));
  }

  /** Of a firmware that lies in a machine's memory. */
  PackedCrash(CrashEntry entry, ReferenceMachine machine) {
    this(
        entry,
        machine.flatContext(
            new MemoryRegion(new PhysicalAddress(BYTES), CallMemory.allocate(BYTES)), List.of()));
  }

  private PackedCrash(CrashEntry entry, FlatFirmwareContext context) {
    this.entry = entry;
    this.frame = new CallFrame(context.memory());
    CallMemory memory = context.callMemory(BYTES);
    MemorySegment data = MemorySegment.ofArray(new byte[1024]);
    this.calls = new RuntimeCall[11];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = memory.item(i * ITEM_BYTES, ITEM_BYTES);
    }
    VariableCalls.packSetVariable(calls[0], "dump-type0-1-1-0", Deed.GUID, NV, 1024, data);
    VariableCalls.packSetVariable(calls[1], "V", Deed.GUID, NV, 200, data);
    VariableCalls.packSetVariable(calls[2], "V", Deed.GUID, NV | FirmwareHarness.APPEND, 100, data);
    VariableCalls.packQueryVariableInfo(calls[3], NV);
    VariableCalls.packGetVariable(calls[4], "V", Deed.GUID, true, 1024, data);
    VariableCalls.packGetNextVariableName(calls[5], new VariableNameCursor(128));
    VariableCalls.packSetVariable(calls[6], "V", Deed.GUID, NV, 0, data);
    VariableCalls.packSetVariable(calls[7], "Volatile", Deed.GUID, FirmwareHarness.BS, 10, data);
    TimeCalls.packGetTime(calls[8], true);
    VariableCalls.packSetVariable(calls[9], "dump-type0-2-1-0", Deed.GUID, NV, 900, data);
    SystemCalls.packResetSystem(calls[10], ResetType.COLD, EfiStatus.SUCCESS, data);
  }

  int count() {
    return calls.length;
  }

  /** Makes one of them; says whether it succeeded. */
  boolean make(int index) {
    frame.load(calls[index]);
    return entry.call(frame) == EfiStatusCode.SUCCESS;
  }

  /** Makes all of them in their order; says whether all succeeded. */
  boolean makeAll() {
    boolean all = true;
    for (int i = 0; i < calls.length; i++) {
      all &= make(i);
    }
    return all;
  }
}
