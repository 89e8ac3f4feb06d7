// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * One parameter of a runtime service. Widths are those of the 64-bit ABI, in which UINTN,
 * EFI_STATUS and pointers have 8 bytes; {@link #widthBytes32()} gives those of the 32-bit ABI.
 * Immutable, for any thread.
 *
 * @param name the specification's name
 * @param passing whether the argument word is the argument or its address
 * @param widthBytes bytes of the value, or of the object pointed to; 0 for a buffer of variable
 *     size
 * @param nativeWidth true when the width is that of a pointer: UINTN, EFI_STATUS, {@code VOID *}
 * @param direction which way the content travels; {@link Direction#IN} for every value
 * @param optional true when null, or 0 for a value, stands for none
 */
public record ServiceParameter(
    String name,
    Passing passing,
    int widthBytes,
    boolean nativeWidth,
    Direction direction,
    boolean optional) {

  private static final int NATIVE_BYTES_64 = 8;
  private static final int NATIVE_BYTES_32 = 4;

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException when a value is not IN or has no width of 1, 2, 4 or 8, when a
   *     width is negative, or when a native width is not 8
   * @throws NullPointerException when a part is null
   */
  public ServiceParameter {
    SpecChecks.requireGiven(name, "name");
    SpecChecks.requireGiven(passing, "passing");
    SpecChecks.requireGiven(direction, "direction");
    if (passing == Passing.VALUE && direction != Direction.IN) {
      throw new IllegalArgumentException(
          "direction of a value must be IN: name=" + name + ", direction=" + direction);
    }
    boolean widthFits =
        passing == Passing.VALUE
            ? widthBytes >= 1 && widthBytes <= 8 && Integer.bitCount(widthBytes) == 1
            : widthBytes >= 0;
    if (!widthFits) {
      throw new IllegalArgumentException(
          "widthBytes must be 1, 2, 4 or 8 for a value, 0 or more for a pointer: name="
              + name
              + ", passing="
              + passing
              + ", widthBytes="
              + widthBytes);
    }
    if (nativeWidth && widthBytes != NATIVE_BYTES_64) {
      throw new IllegalArgumentException(
          "widthBytes of a native width must be 8: name=" + name + ", widthBytes=" + widthBytes);
    }
  }

  /** A value of a fixed width. */
  static ServiceParameter value(String name, int widthBytes) {
    return new ServiceParameter(name, Passing.VALUE, widthBytes, false, Direction.IN, false);
  }

  /** A UINTN or EFI_STATUS value. */
  static ServiceParameter nativeValue(String name) {
    return new ServiceParameter(name, Passing.VALUE, NATIVE_BYTES_64, true, Direction.IN, false);
  }

  /** A pointer to an object of a fixed size. */
  static ServiceParameter pointer(Direction direction, String name, int widthBytes) {
    return new ServiceParameter(name, Passing.POINTER, widthBytes, false, direction, false);
  }

  /** A pointer to a UINTN or to a pointer. */
  static ServiceParameter nativePointer(Direction direction, String name) {
    return new ServiceParameter(name, Passing.POINTER, NATIVE_BYTES_64, true, direction, false);
  }

  /** A pointer to a buffer whose size another parameter or its content tells. */
  static ServiceParameter buffer(Direction direction, String name) {
    return new ServiceParameter(name, Passing.POINTER, 0, false, direction, false);
  }

  /** The same parameter, which the caller may leave out. */
  ServiceParameter orNone() {
    return new ServiceParameter(name, passing, widthBytes, nativeWidth, direction, true);
  }

  /**
   * Returns the width in the 32-bit ABI.
   *
   * @return 4 for a native width, {@link #widthBytes()} otherwise
   */
  public int widthBytes32() {
    return nativeWidth ? NATIVE_BYTES_32 : widthBytes;
  }

  /**
   * Says whether the pointer leads to a buffer of variable size.
   *
   * @return true when the width is 0
   */
  public boolean isVariableSized() {
    return widthBytes == 0;
  }
}
