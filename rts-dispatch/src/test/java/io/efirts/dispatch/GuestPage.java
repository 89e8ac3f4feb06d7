// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A guest's page with a variable's name and GUID in it, for calls by words. */
public final class GuestPage {
  /** The name that lies in the page. */
  public static final String NAME = "Boot0001";

  /** The GUID that lies in the page. */
  public static final EfiGuid GUID = EfiGuid.of("8be4df61-93ca-11d2-aa0d-00e098032b8c");

  /** Where the page lies, and in it the name. */
  public static final long NAME_ADDRESS = 0x20_0000;

  public static final long GUID_ADDRESS = NAME_ADDRESS + 0x100;

  /** Zeroes, for whatever a call needs. */
  public static final long DATA_ADDRESS = NAME_ADDRESS + 0x200;

  private static final PhysicalAddress CALL_MEMORY = new PhysicalAddress(0x4000_0000);
  private static final long CALL_MEMORY_BYTES = 1 << 20;
  private static final long PAGE_BYTES = 4096;

  private final MemoryRegion region =
      new MemoryRegion(new PhysicalAddress(NAME_ADDRESS), CallMemory.allocate(PAGE_BYTES));

  public GuestPage() {
    byte[] name = NAME.getBytes(StandardCharsets.UTF_16LE);
    MemorySegment.copy(MemorySegment.ofArray(name), 0, bytes(), 0, name.length);
    GUID.write(bytes(), GUID_ADDRESS - NAME_ADDRESS);
  }

  /** The page. */
  public MemorySegment bytes() {
    return region.bytes();
  }

  /** A firmware that sees the page, in a crash too; for dispatchers with few calls. */
  public FirmwareInstance with(Firmware firmware) {
    return new FirmwareInstance(firmware, context(), context());
  }

  private FirmwareContext context() {
    return new FlatFirmwareContext(
        new FlatVcpu(FlatFirmwareContext.DEFAULT_HOST_ROOT),
        new MemoryRegion(CALL_MEMORY, CallMemory.allocate(CALL_MEMORY_BYTES)),
        List.of(region));
  }
}
