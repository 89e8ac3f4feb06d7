// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;

/**
 * What a host maps for firmware in virtual mode: the guest's own low memory as it was, firmware at
 * high addresses only, a constant above the physical ones.
 */
final class HighTables implements AddressSpace {
  /** Distance of virtual from physical addresses. */
  static final long SHIFT = 0xFFFF_FFEF_0000_0000L;

  private static final long FIRMWARE_BEGIN = 0x100_0000;

  private final AddressSpace identity;

  /** Has mapped what the given one has mapped identically. */
  HighTables(AddressSpace identity) {
    this.identity = identity;
  }

  @Override
  public long translate(long virtualAddress, Access access) {
    if (virtualAddress >= 0) {
      return virtualAddress < FIRMWARE_BEGIN
          ? identity.translate(virtualAddress, access)
          : Translation.fault(FaultKind.NOT_MAPPED);
    }
    return identity.translate(virtualAddress - SHIFT, access);
  }

  @Override
  public FlushToken map(
      VirtualAddress virtual,
      PhysicalAddress physical,
      long lengthBytes,
      MappingAttributes attributes) {
    throw new UnsupportedOperationException("the identity tables are to be changed");
  }

  @Override
  public FlushToken unmap(VirtualAddress virtual, long lengthBytes) {
    throw new UnsupportedOperationException("the identity tables are to be changed");
  }

  @Override
  public FlushToken protect(
      VirtualAddress virtual, long lengthBytes, MappingAttributes attributes) {
    throw new UnsupportedOperationException("the identity tables are to be changed");
  }

  @Override
  public long root() {
    return 0x1000;
  }
}
