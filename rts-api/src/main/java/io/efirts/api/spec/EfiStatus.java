// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * What a firmware call returned: an open value type over the 64-bit {@code EFI_STATUS} word, so
 * that a code this library has no name for survives unchanged. UEFI 2.10 appendix D.
 *
 * <p>Immutable; every method may be called by any thread and none blocks. Two statuses are equal
 * when their words are. The raw words are in {@link EfiStatusCode}.
 */
public final class EfiStatus {
  /** {@link EfiStatusCode#SUCCESS}. */
  public static final EfiStatus SUCCESS = new EfiStatus(EfiStatusCode.SUCCESS, "EFI_SUCCESS");

  /** {@link EfiStatusCode#LOAD_ERROR}. */
  public static final EfiStatus LOAD_ERROR =
      new EfiStatus(EfiStatusCode.LOAD_ERROR, "EFI_LOAD_ERROR");

  /** {@link EfiStatusCode#INVALID_PARAMETER}. */
  public static final EfiStatus INVALID_PARAMETER =
      new EfiStatus(EfiStatusCode.INVALID_PARAMETER, "EFI_INVALID_PARAMETER");

  /** {@link EfiStatusCode#UNSUPPORTED}. */
  public static final EfiStatus UNSUPPORTED =
      new EfiStatus(EfiStatusCode.UNSUPPORTED, "EFI_UNSUPPORTED");

  /** {@link EfiStatusCode#BAD_BUFFER_SIZE}. */
  public static final EfiStatus BAD_BUFFER_SIZE =
      new EfiStatus(EfiStatusCode.BAD_BUFFER_SIZE, "EFI_BAD_BUFFER_SIZE");

  /** {@link EfiStatusCode#BUFFER_TOO_SMALL}. */
  public static final EfiStatus BUFFER_TOO_SMALL =
      new EfiStatus(EfiStatusCode.BUFFER_TOO_SMALL, "EFI_BUFFER_TOO_SMALL");

  /** {@link EfiStatusCode#NOT_READY}. */
  public static final EfiStatus NOT_READY = new EfiStatus(EfiStatusCode.NOT_READY, "EFI_NOT_READY");

  /** {@link EfiStatusCode#DEVICE_ERROR}. */
  public static final EfiStatus DEVICE_ERROR =
      new EfiStatus(EfiStatusCode.DEVICE_ERROR, "EFI_DEVICE_ERROR");

  /** {@link EfiStatusCode#WRITE_PROTECTED}. */
  public static final EfiStatus WRITE_PROTECTED =
      new EfiStatus(EfiStatusCode.WRITE_PROTECTED, "EFI_WRITE_PROTECTED");

  /** {@link EfiStatusCode#OUT_OF_RESOURCES}. */
  public static final EfiStatus OUT_OF_RESOURCES =
      new EfiStatus(EfiStatusCode.OUT_OF_RESOURCES, "EFI_OUT_OF_RESOURCES");

  /** {@link EfiStatusCode#VOLUME_CORRUPTED}. */
  public static final EfiStatus VOLUME_CORRUPTED =
      new EfiStatus(EfiStatusCode.VOLUME_CORRUPTED, "EFI_VOLUME_CORRUPTED");

  /** {@link EfiStatusCode#VOLUME_FULL}. */
  public static final EfiStatus VOLUME_FULL =
      new EfiStatus(EfiStatusCode.VOLUME_FULL, "EFI_VOLUME_FULL");

  /** {@link EfiStatusCode#NO_MEDIA}. */
  public static final EfiStatus NO_MEDIA = new EfiStatus(EfiStatusCode.NO_MEDIA, "EFI_NO_MEDIA");

  /** {@link EfiStatusCode#MEDIA_CHANGED}. */
  public static final EfiStatus MEDIA_CHANGED =
      new EfiStatus(EfiStatusCode.MEDIA_CHANGED, "EFI_MEDIA_CHANGED");

  /** {@link EfiStatusCode#NOT_FOUND}. */
  public static final EfiStatus NOT_FOUND = new EfiStatus(EfiStatusCode.NOT_FOUND, "EFI_NOT_FOUND");

  /** {@link EfiStatusCode#ACCESS_DENIED}. */
  public static final EfiStatus ACCESS_DENIED =
      new EfiStatus(EfiStatusCode.ACCESS_DENIED, "EFI_ACCESS_DENIED");

  /** {@link EfiStatusCode#NO_RESPONSE}. */
  public static final EfiStatus NO_RESPONSE =
      new EfiStatus(EfiStatusCode.NO_RESPONSE, "EFI_NO_RESPONSE");

  /** {@link EfiStatusCode#NO_MAPPING}. */
  public static final EfiStatus NO_MAPPING =
      new EfiStatus(EfiStatusCode.NO_MAPPING, "EFI_NO_MAPPING");

  /** {@link EfiStatusCode#TIMEOUT}. */
  public static final EfiStatus TIMEOUT = new EfiStatus(EfiStatusCode.TIMEOUT, "EFI_TIMEOUT");

  /** {@link EfiStatusCode#NOT_STARTED}. */
  public static final EfiStatus NOT_STARTED =
      new EfiStatus(EfiStatusCode.NOT_STARTED, "EFI_NOT_STARTED");

  /** {@link EfiStatusCode#ALREADY_STARTED}. */
  public static final EfiStatus ALREADY_STARTED =
      new EfiStatus(EfiStatusCode.ALREADY_STARTED, "EFI_ALREADY_STARTED");

  /** {@link EfiStatusCode#ABORTED}. */
  public static final EfiStatus ABORTED = new EfiStatus(EfiStatusCode.ABORTED, "EFI_ABORTED");

  /** {@link EfiStatusCode#ICMP_ERROR}. */
  public static final EfiStatus ICMP_ERROR =
      new EfiStatus(EfiStatusCode.ICMP_ERROR, "EFI_ICMP_ERROR");

  /** {@link EfiStatusCode#TFTP_ERROR}. */
  public static final EfiStatus TFTP_ERROR =
      new EfiStatus(EfiStatusCode.TFTP_ERROR, "EFI_TFTP_ERROR");

  /** {@link EfiStatusCode#PROTOCOL_ERROR}. */
  public static final EfiStatus PROTOCOL_ERROR =
      new EfiStatus(EfiStatusCode.PROTOCOL_ERROR, "EFI_PROTOCOL_ERROR");

  /** {@link EfiStatusCode#INCOMPATIBLE_VERSION}. */
  public static final EfiStatus INCOMPATIBLE_VERSION =
      new EfiStatus(EfiStatusCode.INCOMPATIBLE_VERSION, "EFI_INCOMPATIBLE_VERSION");

  /** {@link EfiStatusCode#SECURITY_VIOLATION}. */
  public static final EfiStatus SECURITY_VIOLATION =
      new EfiStatus(EfiStatusCode.SECURITY_VIOLATION, "EFI_SECURITY_VIOLATION");

  /** {@link EfiStatusCode#CRC_ERROR}. */
  public static final EfiStatus CRC_ERROR = new EfiStatus(EfiStatusCode.CRC_ERROR, "EFI_CRC_ERROR");

  /** {@link EfiStatusCode#END_OF_MEDIA}. */
  public static final EfiStatus END_OF_MEDIA =
      new EfiStatus(EfiStatusCode.END_OF_MEDIA, "EFI_END_OF_MEDIA");

  /** {@link EfiStatusCode#END_OF_FILE}. */
  public static final EfiStatus END_OF_FILE =
      new EfiStatus(EfiStatusCode.END_OF_FILE, "EFI_END_OF_FILE");

  /** {@link EfiStatusCode#INVALID_LANGUAGE}. */
  public static final EfiStatus INVALID_LANGUAGE =
      new EfiStatus(EfiStatusCode.INVALID_LANGUAGE, "EFI_INVALID_LANGUAGE");

  /** {@link EfiStatusCode#COMPROMISED_DATA}. */
  public static final EfiStatus COMPROMISED_DATA =
      new EfiStatus(EfiStatusCode.COMPROMISED_DATA, "EFI_COMPROMISED_DATA");

  /** {@link EfiStatusCode#IP_ADDRESS_CONFLICT}. */
  public static final EfiStatus IP_ADDRESS_CONFLICT =
      new EfiStatus(EfiStatusCode.IP_ADDRESS_CONFLICT, "EFI_IP_ADDRESS_CONFLICT");

  /** {@link EfiStatusCode#HTTP_ERROR}. */
  public static final EfiStatus HTTP_ERROR =
      new EfiStatus(EfiStatusCode.HTTP_ERROR, "EFI_HTTP_ERROR");

  /** {@link EfiStatusCode#WARN_UNKNOWN_GLYPH}. */
  public static final EfiStatus WARN_UNKNOWN_GLYPH =
      new EfiStatus(EfiStatusCode.WARN_UNKNOWN_GLYPH, "EFI_WARN_UNKNOWN_GLYPH");

  /** {@link EfiStatusCode#WARN_DELETE_FAILURE}. */
  public static final EfiStatus WARN_DELETE_FAILURE =
      new EfiStatus(EfiStatusCode.WARN_DELETE_FAILURE, "EFI_WARN_DELETE_FAILURE");

  /** {@link EfiStatusCode#WARN_WRITE_FAILURE}. */
  public static final EfiStatus WARN_WRITE_FAILURE =
      new EfiStatus(EfiStatusCode.WARN_WRITE_FAILURE, "EFI_WARN_WRITE_FAILURE");

  /** {@link EfiStatusCode#WARN_BUFFER_TOO_SMALL}. */
  public static final EfiStatus WARN_BUFFER_TOO_SMALL =
      new EfiStatus(EfiStatusCode.WARN_BUFFER_TOO_SMALL, "EFI_WARN_BUFFER_TOO_SMALL");

  /** {@link EfiStatusCode#WARN_STALE_DATA}. */
  public static final EfiStatus WARN_STALE_DATA =
      new EfiStatus(EfiStatusCode.WARN_STALE_DATA, "EFI_WARN_STALE_DATA");

  /** {@link EfiStatusCode#WARN_FILE_SYSTEM}. */
  public static final EfiStatus WARN_FILE_SYSTEM =
      new EfiStatus(EfiStatusCode.WARN_FILE_SYSTEM, "EFI_WARN_FILE_SYSTEM");

  /** {@link EfiStatusCode#WARN_RESET_REQUIRED}. */
  public static final EfiStatus WARN_RESET_REQUIRED =
      new EfiStatus(EfiStatusCode.WARN_RESET_REQUIRED, "EFI_WARN_RESET_REQUIRED");

  // Index = code without the error bit; null where the specification assigned none.
  private static final EfiStatus[] ERRORS =
      byCode(
          LOAD_ERROR,
          INVALID_PARAMETER,
          UNSUPPORTED,
          BAD_BUFFER_SIZE,
          BUFFER_TOO_SMALL,
          NOT_READY,
          DEVICE_ERROR,
          WRITE_PROTECTED,
          OUT_OF_RESOURCES,
          VOLUME_CORRUPTED,
          VOLUME_FULL,
          NO_MEDIA,
          MEDIA_CHANGED,
          NOT_FOUND,
          ACCESS_DENIED,
          NO_RESPONSE,
          NO_MAPPING,
          TIMEOUT,
          NOT_STARTED,
          ALREADY_STARTED,
          ABORTED,
          ICMP_ERROR,
          TFTP_ERROR,
          PROTOCOL_ERROR,
          INCOMPATIBLE_VERSION,
          SECURITY_VIOLATION,
          CRC_ERROR,
          END_OF_MEDIA,
          END_OF_FILE,
          INVALID_LANGUAGE,
          COMPROMISED_DATA,
          IP_ADDRESS_CONFLICT,
          HTTP_ERROR);
  private static final EfiStatus[] NOT_ERRORS =
      byCode(
          SUCCESS,
          WARN_UNKNOWN_GLYPH,
          WARN_DELETE_FAILURE,
          WARN_WRITE_FAILURE,
          WARN_BUFFER_TOO_SMALL,
          WARN_STALE_DATA,
          WARN_FILE_SYSTEM,
          WARN_RESET_REQUIRED);

  private final long raw;
  private final String name;

  private EfiStatus(long raw, String name) {
    this.raw = raw;
    this.name = name;
  }

  private static EfiStatus[] byCode(EfiStatus... statuses) {
    int last = codeOf(statuses[statuses.length - 1].raw);
    EfiStatus[] table = new EfiStatus[last + 1];
    for (EfiStatus status : statuses) {
      table[codeOf(status.raw)] = status;
    }
    return table;
  }

  private static int codeOf(long raw) {
    return (int) (raw & ~EfiStatusCode.ERROR_BIT);
  }

  /**
   * Returns the status of a raw word. Allocates only for a code the specification does not name.
   *
   * @param raw the 64-bit status word as firmware returned it
   * @return the constant of a named code, a fresh equal instance otherwise
   */
  public static EfiStatus of(long raw) {
    EfiStatus[] table = raw < 0 ? ERRORS : NOT_ERRORS;
    long code = raw & ~EfiStatusCode.ERROR_BIT;
    if (code < table.length) {
      EfiStatus known = table[(int) code];
      if (known != null) {
        return known;
      }
    }
    return new EfiStatus(raw, null);
  }

  /**
   * Returns the status of a 32-bit firmware's word, widened as {@link EfiStatusCode#ofWidth32(int)}
   * does.
   *
   * @param status32 the 32-bit status word
   * @return as {@link #of(long)}
   */
  public static EfiStatus ofWidth32(int status32) {
    return of(EfiStatusCode.ofWidth32(status32));
  }

  /**
   * Returns the word this status stands for.
   *
   * @return the 64-bit status word, unchanged
   */
  public long raw() {
    return raw;
  }

  /**
   * Says whether this is an error.
   *
   * @return true when bit 63 is set
   */
  public boolean isError() {
    return EfiStatusCode.isError(raw);
  }

  /**
   * Says whether this is a warning: the call did its work, with a remark.
   *
   * @return true when this is neither success nor an error
   */
  public boolean isWarning() {
    return EfiStatusCode.isWarning(raw);
  }

  /**
   * Says whether the code belongs to the platform maker.
   *
   * @return true when bit 62 is set
   */
  public boolean isOem() {
    return EfiStatusCode.isOem(raw);
  }

  /**
   * Returns the specification's name. Allocates only for a code without one.
   *
   * @return for example {@code EFI_NOT_FOUND}, or {@code EFI_STATUS(0x8000000000000024)}
   */
  public String name() {
    return name != null ? name : "EFI_STATUS(0x" + Long.toHexString(raw) + ")";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EfiStatus status && status.raw == raw;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(raw);
  }

  /**
   * Returns the same text as {@link #name()}.
   *
   * @return the name
   */
  @Override
  public String toString() {
    return name();
  }
}
