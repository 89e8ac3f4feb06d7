// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Layout of a copy of the baseline floating-point and SIMD registers. All integers are
 * little-endian.
 *
 * <pre>
 * 0x000 16 each, V0 to V31
 * 0x200 u32      FPSR
 * 0x204 u32      FPCR
 * </pre>
 *
 * <p>What SVE and SME added is not in it; see {@link Arm64Vcpu#saveVectorState}.
 */
public final class FpsimdImage {
  /** Size of the image. */
  public static final int BYTES = 0x208;

  /** Size of a V register. */
  public static final int V_BYTES = 16;

  /** How many V registers there are. */
  public static final int V_COUNT = 32;

  /** Offset of FPSR, u32. */
  public static final int FPSR_OFFSET = 0x200;

  /** Offset of FPCR, u32. */
  public static final int FPCR_OFFSET = 0x204;

  private static final int ALIGNMENT = 16;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FpsimdImage() {}

  /**
   * A new image in which everything is 0, as UEFI calls firmware: rounding to nearest, no traps.
   * Allocates native memory that lives as long as something refers to it.
   *
   * @return the image, for every thread
   */
  public static MemorySegment initial() {
    return Arena.ofAuto().allocate(BYTES, ALIGNMENT);
  }

  /**
   * Reads the status register.
   *
   * @param image an image
   * @return FPSR
   */
  public static int fpsr(MemorySegment image) {
    return image.get(INT, FPSR_OFFSET);
  }

  /**
   * Changes the status register.
   *
   * @param image an image
   * @param fpsr its new value
   */
  public static void fpsr(MemorySegment image, int fpsr) {
    image.set(INT, FPSR_OFFSET, fpsr);
  }

  /**
   * Reads the control register.
   *
   * @param image an image
   * @return FPCR
   */
  public static int fpcr(MemorySegment image) {
    return image.get(INT, FPCR_OFFSET);
  }

  /**
   * Changes the control register.
   *
   * @param image an image
   * @param fpcr its new value
   */
  public static void fpcr(MemorySegment image, int fpcr) {
    image.set(INT, FPCR_OFFSET, fpcr);
  }
}
