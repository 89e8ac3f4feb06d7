// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.flat.FlatAddressSpace;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import org.junit.jupiter.api.Test;

/** The flat address space keeps the contract, and maps identically up to bit 51. */
class FlatAddressSpaceContractTest extends AddressSpaceContract {
  private static final long END = 1L << PhysicalAddress.MAXIMUM_BITS;

  @Override
  protected AddressSpace newAddressSpace() {
    return new FlatAddressSpace(1);
  }

  @Test
  void virtualIsPhysical() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                newAddressSpace()
                    .map(
                        new VirtualAddress(0x1000),
                        new PhysicalAddress(0x2000),
                        4096,
                        MappingAttributes.DATA));
    assertEquals(
        "a flat address space maps identically: virtual=VA 0x1000, physical=PA 0x2000",
        refusal.getMessage());
  }

  @Test
  void theLastPageIsTheOneBelow52Bits() {
    AddressSpace space = newAddressSpace();
    space
        .map(
            new VirtualAddress(END - 4096),
            new PhysicalAddress(END - 4096),
            4096,
            MappingAttributes.DATA)
        .ignore();
    assertEquals(END - 1, space.translate(END - 1, Access.WRITE));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                space.map(
                    new VirtualAddress(END - 8192),
                    new PhysicalAddress(END - 8192),
                    12288,
                    MappingAttributes.DATA));
    assertEquals(
        "range must be a positive multiple of 4096 within 52 bits: start=0xfffffffffe000,"
            + " length=0x3000",
        refusal.getMessage());
  }

  @Test
  void aMissingPartIsNamed() {
    AddressSpace space = newAddressSpace();
    space
        .map(new VirtualAddress(0x1000), new PhysicalAddress(0x1000), 4096, MappingAttributes.DATA)
        .ignore();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> space.unmap(new VirtualAddress(0x1000), 0x3000));
    assertEquals(
        "range must be mapped: start=0x1000, end=0x4000, missing=0x2000", refusal.getMessage());
  }
}
