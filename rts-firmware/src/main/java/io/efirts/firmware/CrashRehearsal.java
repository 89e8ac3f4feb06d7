// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

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
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.firmware.store.VariableStore;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Two crashes on scratch images, one that finds the firmware whole and one that has interrupted it:
 * makes the calls a crash will make, so that every class they need is loaded, initialised and
 * linked before one happens, when there may be no heap left for that.
 */
final class CrashRehearsal {
  private static final long ITEM_BYTES = 4096;
  private static final int NAME_BYTES = 64;
  private static final int ERASED_WORD = -1;
  private static final String NAME = "Rehearsal";
  private static final EfiGuid GUID = EfiGuid.of("0f0b8d53-2d5c-4f0e-8f0e-5f8e3d3c1a77");
  private static final int ATTRIBUTES =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  private final NvImage image = NvImage.inMemory(NvLayout.OVMF_2M);
  private final ReferenceFirmware firmware;
  private final MemorySegment data = MemorySegment.ofArray(new byte[NAME_BYTES]);
  private final RuntimeCall item;
  private final CallFrame frame;

  /** Whether the calls go through the crash entry. */
  private boolean crashed;

  /** A rehearsal in a machine, or in none. */
  private CrashRehearsal(ReferenceMachine machine) {
    ReferenceFirmware.Builder builder =
        ReferenceFirmware.builder(image).resetHandler((type, status, data, dataBytes) -> {});
    FlatFirmwareContext context;
    if (machine == null) {
      context = new FlatFirmwareContext(ITEM_BYTES);
    } else {
      builder.placement(machine);
      PhysicalAddress base = FlatFirmwareContext.DEFAULT_CALL_MEMORY_BASE;
      MemoryRegion items = new MemoryRegion(base, CallMemory.allocate(ITEM_BYTES));
      context = machine.flatContext(items, List.of());
    }
    firmware = builder.assemble();
    item = context.callMemory(ITEM_BYTES).item(0, ITEM_BYTES);
    frame = new CallFrame(context.memory());
  }

  /** Makes the calls to a firmware that is nowhere in guest memory. */
  static void perform() {
    perform(new CrashRehearsal(null), new CrashRehearsal(null));
  }

  /** Makes the calls to a firmware in guest memory. */
  static void performPlaced() {
    perform(
        new CrashRehearsal(ReferenceMachine.small()), new CrashRehearsal(ReferenceMachine.small()));
  }

  private static void perform(CrashRehearsal whole, CrashRehearsal interrupted) {
    whole.makeCalls();
    interrupted.interruptOrdinaryWrite();
    interrupted.makeCalls();
  }

  /** Leaves the first word of a claim, as a thread that was stopped there. */
  private void interruptOrdinaryWrite() {
    crashed = true;
    NvStorage storage = image.storage();
    long firstRecord = NvLayout.STORE_OFFSET + VariableStore.HEADER_BYTES;
    storage.compareAndSetWord(firstRecord + Integer.BYTES, ERASED_WORD, ATTRIBUTES);
  }

  private void makeCalls() {
    set(16);
    set(17);
    setAppending();
    VariableCalls.packGetVariable(item, NAME, GUID, true, NAME_BYTES, data);
    call();
    VariableCalls.packGetNextVariableName(item, new VariableNameCursor(NAME_BYTES));
    call();
    VariableCalls.packQueryVariableInfo(item, ATTRIBUTES);
    call();
    set(0);
    TimeCalls.packGetTime(item, true);
    call();
    SystemCalls.packResetSystem(item, ResetType.COLD, EfiStatus.SUCCESS, null);
    call();
  }

  private void set(int dataBytes) {
    VariableCalls.packSetVariable(item, NAME, GUID, ATTRIBUTES, dataBytes, data);
    call();
  }

  private void setAppending() {
    int attributes = ATTRIBUTES | VariableAttributes.APPEND_WRITE;
    VariableCalls.packSetVariable(item, NAME, GUID, attributes, 1, data);
    call();
  }

  private void call() {
    frame.load(item);
    if (crashed) {
      firmware.crashEntry().call(frame);
    } else {
      firmware.call(frame);
    }
  }
}
