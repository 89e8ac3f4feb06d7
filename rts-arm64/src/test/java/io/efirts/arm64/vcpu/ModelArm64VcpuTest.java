// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded reads back as a processor would give it back. */
class ModelArm64VcpuTest {
  private static final PagingMode MODE = new PagingMode(Granule.FOUR_KIB, 48);
  private static final long ROOT = 0x0002_0000_0000_1000L;

  private final ModelArm64Vcpu vcpu = ModelArm64Vcpu.of(MODE, MairTypes.FIRMWARE, ROOT);
  private final ModelArm64Vcpu scalable =
      ModelArm64Vcpu.scalable(MODE, MairTypes.FIRMWARE, ROOT, 64);

  /**
   * Fields from the manual: T0SZ 5:0, SH0 13:12, TG0 15:14 with 64 KiB as 1 and 16 KiB as 2, IPS
   * 34:32 with 48 bits as 5 and 52 as 6, AS 36, DS 59.
   */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB, 48, 0x1500000010",
    "SIXTEEN_KIB, 47, 0x1500008011",
    "SIXTY_FOUR_KIB, 36, 0x150000401C",
    "FOUR_KIB, 52, 0x080000160000300C",
    "SIXTEEN_KIB, 49, 0x080000160000B00F",
    "SIXTY_FOUR_KIB, 52, 0x160000400C"
  })
  void eachModeHasItsBits(Granule granule, int bits, String tcr) {
    ModelArm64Vcpu made =
        ModelArm64Vcpu.of(new PagingMode(granule, bits), MairTypes.EARLY_ACKNOWLEDGE, ROOT);
    assertEquals(Long.decode(tcr), made.tcr());
    assertEquals(new PagingMode(granule, bits), Tcr.pagingMode(made.tcr()));
    assertEquals(0x04_FFBB_4400L, made.mair());
    assertEquals(0x100D, made.sctlr(), "M, C, SA, I");
    assertEquals(0x30_0000, made.cpacr(), "FPEN");
    assertEquals(ROOT, made.addressSpaceRoot());
    assertEquals(2, Ttbr.asid(made.addressSpaceRoot()));
    assertEquals(0, made.daif());
  }

  @ParameterizedTest
  @CsvSource({
    "0x80000150000001A, FOUR_KIB, 38, 52",
    "0x160000001A, FOUR_KIB, 38, 48",
    "0x160000401A, SIXTY_FOUR_KIB, 38, 52",
    "0x170000400C, SIXTY_FOUR_KIB, 52, 52",
    "0x150000400C, SIXTY_FOUR_KIB, 52, 48",
    "0x80000150000800C, SIXTEEN_KIB, 52, 52"
  })
  void theRegisterTellsTheMode(String tcr, Granule granule, int bits, int outputBits) {
    assertEquals(new PagingMode(granule, bits, outputBits), Tcr.pagingMode(Long.decode(tcr)));
  }

  @Test
  void aRegisterThatTellsNoModeIsRefused() {
    assertEquals(
        "TCR_EL1.TG0 must be that of a granule: register=0x150000c010",
        assertThrows(IllegalArgumentException.class, () -> Tcr.pagingMode(0x15_0000_C010L))
            .getMessage());
    assertEquals(
        "output address width must be 52 bits for virtual addresses of more than 48 (TCR_EL1.DS):"
            + " granule=4 KiB, virtualBits=52",
        assertThrows(IllegalArgumentException.class, () -> Tcr.pagingMode(0x16_0000_000CL))
            .getMessage());
  }

  @Test
  void registersAreNumberedAsInstructionsEncodeThem() {
    assertEquals(Arm64Register.X18, Arm64Register.of(18));
    assertEquals(Arm64Register.X30, Arm64Register.of(30));
    assertEquals(Arm64Register.SP, Arm64Register.of(31));
    for (Arm64Register register : Arm64Register.values()) {
      vcpu.set(register, -1L - register.ordinal());
    }
    for (Arm64Register register : Arm64Register.values()) {
      assertEquals(-1L - register.ordinal(), vcpu.get(register));
    }
  }

  @Test
  void daifHasFourBits() {
    vcpu.loadDaif(-1);
    assertEquals(0x3C0, vcpu.daif());
  }

  @Test
  void whatCodeWritesToDaifIsToldAndWhatAHypervisorLoadsIsNot() {
    List<Long> told = new ArrayList<>();
    vcpu.onDaifWrite(told::add);
    vcpu.loadDaif(0x80);
    vcpu.writeDaif(0xC0 | 1);
    vcpu.writeDaif(0);
    assertEquals(List.of(0xC0L, 0L), told);
    assertEquals(0, vcpu.daif());
  }

  @Test
  void floatingPointStateRoundTrips() {
    byte[] bytes = new byte[FpsimdImage.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7);
    }
    for (ModelArm64Vcpu each : List.of(vcpu, scalable)) {
      each.loadFpState(MemorySegment.ofArray(bytes));
      MemorySegment saved = FpsimdImage.initial();
      each.saveFpState(saved);
      assertArrayEquals(bytes, saved.toArray(JAVA_BYTE));
    }
    assertEquals(0x150E_0700, FpsimdImage.fpsr(MemorySegment.ofArray(bytes)), "bytes 512 to 515");
    assertEquals(0x312A_231C, FpsimdImage.fpcr(MemorySegment.ofArray(bytes)));
  }

  @Test
  void vectorsRoundTripAndTheBaselineIsTheirLowerPart() {
    MemorySegment vectors = MemorySegment.ofArray(new byte[scalable.vectorStateBytes()]);
    assertEquals(32 * 64 + 17 * 8, vectors.byteSize());
    vectors.fill((byte) 0x77);
    scalable.loadVectorState(vectors);
    MemorySegment baseline = FpsimdImage.initial();
    scalable.saveFpState(baseline);
    assertEquals(0x77, baseline.get(JAVA_BYTE, FpsimdImage.FPSR_OFFSET - 1));
    assertEquals(0, FpsimdImage.fpsr(baseline), "not part of it");

    scalable.loadFpState(baseline);
    scalable.saveVectorState(vectors);
    assertEquals(0x77, vectors.get(JAVA_BYTE, 15));
    assertEquals(0, vectors.get(JAVA_BYTE, 16), "cleared by a store to V0");
    assertEquals(0x77, vectors.get(JAVA_BYTE, 64));
  }

  @Test
  void aChangeOfStreamingModeClearsVectorsAndPresetsFpsr() {
    MemorySegment zeros = MemorySegment.ofArray(new byte[scalable.vectorStateBytes()]);
    MemorySegment vectors = MemorySegment.ofArray(new byte[scalable.vectorStateBytes()]);
    MemorySegment baseline = FpsimdImage.initial();
    for (long mode : new long[] {3, 2, 1, 0}) {
      scalable.loadVectorState(vectors.fill((byte) 1));
      boolean changes = ((scalable.svcr() ^ mode) & 1) != 0;
      scalable.loadSvcr(mode);
      assertEquals(mode, scalable.svcr());
      scalable.saveVectorState(vectors);
      assertEquals(changes, vectors.mismatch(zeros) == -1);
      scalable.saveFpState(baseline);
      assertEquals(0x0800_009F, FpsimdImage.fpsr(baseline));
    }
  }

  @Test
  void aProcessorWithoutScalableVectorsHasNothingOfThem() {
    assertEquals(0, vcpu.vectorStateBytes());
    vcpu.loadSvcr(3);
    assertEquals(0, vcpu.svcr());
    MemorySegment untouched = MemorySegment.ofArray(new byte[] {42});
    vcpu.saveVectorState(untouched);
    vcpu.loadVectorState(untouched);
    assertEquals(42, untouched.get(JAVA_BYTE, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 24, 48, 512, -16})
  void vectorLengthsAreTheArchitectures(int bytes) {
    assertThrows(
        IllegalArgumentException.class,
        () -> ModelArm64Vcpu.scalable(MODE, MairTypes.FIRMWARE, ROOT, bytes));
  }
}
