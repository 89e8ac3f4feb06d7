// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Layout of what FXSAVE stores (SDM volume 1, section 10.5.1), as far as it is looked at here. All
 * integers are little-endian.
 *
 * <pre>
 * 0x000 u16    x87 control word (FCW)
 * 0x002 u16    x87 status word
 * 0x004 u8     abridged tag word, a bit for each register that is not empty
 * 0x018 u32    MXCSR
 * 0x01C u32    which bits of MXCSR there are
 * 0x020 16 each, ST0 to ST7
 * 0x0A0 16 each, XMM0 to XMM15; in 64-bit mode, the first eight otherwise
 * </pre>
 *
 * <p>What later extensions added, the upper halves of YMM registers for one, is not in it.
 */
public final class FxsaveImage {
  /** Size of the image. */
  public static final int BYTES = 512;

  /** What hardware demands of its address. */
  public static final int ALIGNMENT = 16;

  /** Offset of the x87 control word, u16. */
  public static final int FCW_OFFSET = 0x00;

  /** Offset of MXCSR, u32. */
  public static final int MXCSR_OFFSET = 0x18;

  /** Offset of the mask of bits MXCSR has, u32. */
  public static final int MXCSR_MASK_OFFSET = 0x1C;

  /** Offset of XMM0, 16 bytes. */
  public static final int XMM_OFFSET = 0xA0;

  /** The control word after FNINIT, in which UEFI calls firmware: double extended, all masked. */
  public static final int INITIAL_FCW = 0x037F;

  /** MXCSR after reset, in which UEFI calls firmware: rounding to nearest, all masked. */
  public static final int INITIAL_MXCSR = 0x1F80;

  /** The bits of FCW that control: rounding, precision, exception masks. */
  public static final int FCW_CONTROL = 0x0F3F;

  /** The bits of MXCSR that control: not 5:0, in which exceptions stick. */
  public static final int MXCSR_CONTROL = 0xFFC0;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FxsaveImage() {}

  /**
   * A new image of a unit in its initial state: registers empty or 0, FCW and MXCSR as UEFI wants
   * them. Allocates native memory that lives as long as something refers to it.
   *
   * @return 512 bytes, aligned as hardware demands, for every thread
   */
  public static MemorySegment initial() {
    MemorySegment image = Arena.ofAuto().allocate(BYTES, ALIGNMENT);
    image.set(SHORT, FCW_OFFSET, (short) INITIAL_FCW);
    image.set(INT, MXCSR_OFFSET, INITIAL_MXCSR);
    image.set(INT, MXCSR_MASK_OFFSET, 0xFFFF);
    return image;
  }

  /**
   * Reads the control word.
   *
   * @param image an image
   * @return FCW, 16 bits
   */
  public static int fcw(MemorySegment image) {
    return Short.toUnsignedInt(image.get(SHORT, FCW_OFFSET));
  }

  /**
   * Changes the control word.
   *
   * @param image an image
   * @param fcw its low 16 bits are stored
   */
  public static void fcw(MemorySegment image, int fcw) {
    image.set(SHORT, FCW_OFFSET, (short) fcw);
  }

  /**
   * Reads MXCSR.
   *
   * @param image an image
   * @return MXCSR
   */
  public static int mxcsr(MemorySegment image) {
    return image.get(INT, MXCSR_OFFSET);
  }

  /**
   * Changes MXCSR.
   *
   * @param image an image
   * @param mxcsr its new value
   */
  public static void mxcsr(MemorySegment image, int mxcsr) {
    image.set(INT, MXCSR_OFFSET, mxcsr);
  }
}
