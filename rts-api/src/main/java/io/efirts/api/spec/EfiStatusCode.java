// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * The raw 64-bit words of {@code EFI_STATUS}, as compile-time constants for comparisons on paths
 * that must not allocate. UEFI 2.10 appendix D.
 *
 * <p>Bit 63 marks an error, bit 62 the range of the platform maker (OEM); a warning has bit 63
 * clear and a code other than 0. Every method is pure, may be called by any thread and allocates
 * nothing.
 *
 * @see EfiStatus
 */
public final class EfiStatusCode {
  /** Bit 63: set in every error, clear in success and in every warning. */
  public static final long ERROR_BIT = 1L << 63;

  /** Bit 62: set in every code that belongs to the platform maker, error or warning. */
  public static final long OEM_BIT = 1L << 62;

  /** The operation completed. */
  public static final long SUCCESS = 0;

  /** An image failed to load. */
  public static final long LOAD_ERROR = ERROR_BIT | 1;

  /** A parameter was wrong. */
  public static final long INVALID_PARAMETER = ERROR_BIT | 2;

  /** The operation is not offered. */
  public static final long UNSUPPORTED = ERROR_BIT | 3;

  /** The buffer is not the size the request needs. */
  public static final long BAD_BUFFER_SIZE = ERROR_BIT | 4;

  /** The buffer is too small; the needed size was returned where the service has a place for it. */
  public static final long BUFFER_TOO_SMALL = ERROR_BIT | 5;

  /** Nothing is pending, or the service cannot run now. */
  public static final long NOT_READY = ERROR_BIT | 6;

  /** The device reported an error. */
  public static final long DEVICE_ERROR = ERROR_BIT | 7;

  /** The target cannot be written. */
  public static final long WRITE_PROTECTED = ERROR_BIT | 8;

  /** A resource ran out. */
  public static final long OUT_OF_RESOURCES = ERROR_BIT | 9;

  /** A file system inconsistency was found. */
  public static final long VOLUME_CORRUPTED = ERROR_BIT | 10;

  /** The file system has no space left. */
  public static final long VOLUME_FULL = ERROR_BIT | 11;

  /** The device holds no medium. */
  public static final long NO_MEDIA = ERROR_BIT | 12;

  /** The medium changed since the last access. */
  public static final long MEDIA_CHANGED = ERROR_BIT | 13;

  /** The item does not exist. */
  public static final long NOT_FOUND = ERROR_BIT | 14;

  /** Access was refused. */
  public static final long ACCESS_DENIED = ERROR_BIT | 15;

  /** The server did not answer. */
  public static final long NO_RESPONSE = ERROR_BIT | 16;

  /** A device or an address has no mapping. */
  public static final long NO_MAPPING = ERROR_BIT | 17;

  /** The time limit passed. */
  public static final long TIMEOUT = ERROR_BIT | 18;

  /** The protocol was not started. */
  public static final long NOT_STARTED = ERROR_BIT | 19;

  /** The protocol was started before. */
  public static final long ALREADY_STARTED = ERROR_BIT | 20;

  /** The operation was given up. */
  public static final long ABORTED = ERROR_BIT | 21;

  /** An ICMP error occurred on the network. */
  public static final long ICMP_ERROR = ERROR_BIT | 22;

  /** A TFTP error occurred on the network. */
  public static final long TFTP_ERROR = ERROR_BIT | 23;

  /** A protocol error occurred on the network. */
  public static final long PROTOCOL_ERROR = ERROR_BIT | 24;

  /** The versions of the two sides do not fit. */
  public static final long INCOMPATIBLE_VERSION = ERROR_BIT | 25;

  /** A security rule was broken, for example a bad signature. */
  public static final long SECURITY_VIOLATION = ERROR_BIT | 26;

  /** A checksum does not match. */
  public static final long CRC_ERROR = ERROR_BIT | 27;

  /** The beginning or end of the medium was reached. */
  public static final long END_OF_MEDIA = ERROR_BIT | 28;

  /** The end of the file was reached. */
  public static final long END_OF_FILE = ERROR_BIT | 31;

  /** The language is not known. */
  public static final long INVALID_LANGUAGE = ERROR_BIT | 32;

  /** The security state of the data is unknown or bad. */
  public static final long COMPROMISED_DATA = ERROR_BIT | 33;

  /** An address is in use by another host. */
  public static final long IP_ADDRESS_CONFLICT = ERROR_BIT | 34;

  /** An HTTP error occurred on the network. */
  public static final long HTTP_ERROR = ERROR_BIT | 35;

  /** Warning: some characters could not be drawn. */
  public static final long WARN_UNKNOWN_GLYPH = 1;

  /** Warning: the handle was closed, the file was not deleted. */
  public static final long WARN_DELETE_FAILURE = 2;

  /** Warning: the handle was closed, the data was not flushed. */
  public static final long WARN_WRITE_FAILURE = 3;

  /** Warning: the buffer was too small and the result was cut. */
  public static final long WARN_BUFFER_TOO_SMALL = 4;

  /** Warning: the data was not refreshed within the policy's limit. */
  public static final long WARN_STALE_DATA = 5;

  /** Warning: the buffer holds a UEFI-compliant file system. */
  public static final long WARN_FILE_SYSTEM = 6;

  /** Warning: the operation takes effect after a reset. */
  public static final long WARN_RESET_REQUIRED = 7;

  // The 32-bit form has the error, OEM and PI bits at 31, 30 and 29 and the code below them.
  private static final int CLASS_BITS_32 = 0xE000_0000;

  private EfiStatusCode() {}

  /**
   * Says whether a status word is an error.
   *
   * @param raw the status word
   * @return true when bit 63 is set
   */
  public static boolean isError(long raw) {
    return raw < 0;
  }

  /**
   * Says whether a status word is a warning.
   *
   * @param raw the status word
   * @return true when the word is neither success nor an error
   */
  public static boolean isWarning(long raw) {
    return raw > 0;
  }

  /**
   * Says whether a status word belongs to the platform maker.
   *
   * @param raw the status word
   * @return true when bit 62 is set
   */
  public static boolean isOem(long raw) {
    return (raw & OEM_BIT) != 0;
  }

  /**
   * Widens the status word of a 32-bit firmware: the class bits 31 (error), 30 (OEM) and 29 (PI)
   * move to 63, 62 and 61, the code below them stays.
   *
   * @param status32 the 32-bit status word
   * @return the same status as a 64-bit word
   */
  public static long ofWidth32(int status32) {
    long classBits = status32 & CLASS_BITS_32;
    return classBits << 32 | status32 & ~CLASS_BITS_32;
  }
}
