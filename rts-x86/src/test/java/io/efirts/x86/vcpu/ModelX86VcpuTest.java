// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is loaded reads back as a processor would give it back, and what flushes is counted. */
class ModelX86VcpuTest {
  private static final long ROOT = 0x1000;

  private final ModelX86Vcpu vcpu = ModelX86Vcpu.of(PagingMode.FOUR_LEVEL, ROOT);

  /** Bit positions from the manual: PE 0, WP 16, PG 31; PSE 4, PAE 5, LA57 12; LME 8, LMA 10. */
  @ParameterizedTest
  @CsvSource({
    "LEGACY_32, 0x10, 0x0",
    "PAE, 0x20, 0x800",
    "FOUR_LEVEL, 0x20, 0xD01",
    "FIVE_LEVEL, 0x1020, 0xD01"
  })
  void eachModeHasItsBits(PagingMode mode, String paging, String efer) {
    ModelX86Vcpu made = ModelX86Vcpu.of(mode, ROOT);
    assertEquals(0x8001_0001L, made.cr0() & 0x8001_0001L);
    assertEquals(Long.decode(paging), made.cr4() & 0x1030);
    assertEquals(Long.decode(efer), made.efer());
    assertEquals(ROOT, made.addressSpaceRoot());
    assertEquals(0x202, made.rflags());
    assertEquals(0x037F, made.fpuControlWord());
    assertEquals(0x1F80, made.mxcsr());
  }

  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"LEGACY_32", "PAE"})
  void in32BitsRegistersAndRootHave32Bits(PagingMode mode) {
    assertThrows(IllegalArgumentException.class, () -> ModelX86Vcpu.of(mode, 1L << 32));
    ModelX86Vcpu made = ModelX86Vcpu.of(mode, 0xFFFF_F000L);
    made.set(X86Register.RBX, 0x1_2345_6789L);
    made.loadRip(0x1_0000_0004L);
    made.loadAddressSpaceRoot(0x1_0000_2000L);
    assertEquals(0x2345_6789L, made.get(X86Register.RBX));
    assertEquals(4, made.rip());
    assertEquals(0x2000, made.addressSpaceRoot());
  }

  @Test
  void aRootBeyond52BitsIsRefused() {
    ModelX86Vcpu.of(PagingMode.FIVE_LEVEL, (1L << 52) - 4096);
    assertThrows(
        IllegalArgumentException.class, () -> ModelX86Vcpu.of(PagingMode.FIVE_LEVEL, 1L << 52));
  }

  @Test
  void aLoadOfCr3FlushesUnlessItSaysNot() {
    vcpu.loadAddressSpaceRoot(0x2000);
    assertEquals(1, vcpu.flushes());
    vcpu.loadAddressSpaceRoot(0x2000 | 1L << 63);
    assertEquals(2, vcpu.flushes(), "bit 63 means nothing without CR4.PCIDE");
    vcpu.loadCr4(vcpu.cr4() | 1L << 17);
    assertEquals(2, vcpu.flushes());
    vcpu.loadAddressSpaceRoot(0x2005 | 1L << 63);
    assertEquals(2, vcpu.flushes());
    assertEquals(0x2005, vcpu.addressSpaceRoot(), "bit 63 reads as 0");
    vcpu.loadAddressSpaceRoot(0x2005);
    assertEquals(3, vcpu.flushes());
  }

  @Test
  void changesOfPagingFlush() {
    vcpu.loadCr4(vcpu.cr4() | 1L << 7);
    assertEquals(1, vcpu.flushes(), "PGE");
    vcpu.loadCr4(vcpu.cr4());
    assertEquals(1, vcpu.flushes(), "no change");
    vcpu.loadCr4(vcpu.cr4() | 1L << 17);
    assertEquals(1, vcpu.flushes(), "PCIDE set");
    vcpu.loadCr4(vcpu.cr4() & ~(1L << 17));
    assertEquals(2, vcpu.flushes(), "PCIDE cleared");
    vcpu.loadCr0(vcpu.cr0() & ~(1L << 31));
    assertEquals(3, vcpu.flushes(), "PG cleared");
    vcpu.flushTranslations();
    assertEquals(4, vcpu.flushes());
  }

  @Test
  void longModeIsActiveWithLmeAndPaging() {
    assertEquals(1L << 10, vcpu.efer() & 1L << 10);
    vcpu.loadCr0(vcpu.cr0() & ~(1L << 31));
    assertEquals(0, vcpu.efer() & 1L << 10);
    vcpu.loadEfer(1L << 10);
    assertEquals(0, vcpu.efer(), "LMA cannot be loaded");
  }

  @Test
  void floatingPointStateRoundTripsAndHasTheControlWords() {
    byte[] bytes = new byte[512];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7);
    }
    vcpu.loadFpState(MemorySegment.ofArray(bytes));
    MemorySegment saved = MemorySegment.ofArray(new byte[512]);
    vcpu.saveFpState(saved);
    assertArrayEquals(bytes, saved.toArray(ValueLayout.JAVA_BYTE));
    assertEquals(0x0700, vcpu.fpuControlWord(), "bytes 0 and 1");
    assertEquals(0xBD_B6_AF_A8L, vcpu.mxcsr(), "bytes 24 to 27");
    vcpu.loadFpuControlWord(0x1_037FL);
    vcpu.loadMxcsr(0x1_FFFF_1F80L);
    vcpu.saveFpState(saved);
    assertEquals(0x037F, FxsaveImage.fcw(saved));
    assertEquals(0xFFFF_1F80, FxsaveImage.mxcsr(saved));
  }

  @Test
  void registersAreNumberedAsInstructionsEncodeThem() {
    assertEquals(X86Register.RSP, X86Register.of(4));
    assertEquals(X86Register.RDI, X86Register.of(7));
    assertEquals(X86Register.R15, X86Register.of(15));
    for (X86Register register : X86Register.values()) {
      vcpu.set(register, -1L - register.ordinal());
    }
    for (X86Register register : X86Register.values()) {
      assertEquals(-1L - register.ordinal(), vcpu.get(register));
    }
  }
}
