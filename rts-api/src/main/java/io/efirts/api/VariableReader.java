// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Reads variables of any size and walks over all of them: GetVariable and GetNextVariableName (UEFI
 * 8.2.1 and 8.2.2) with buffers that grow when firmware says EFI_BUFFER_TOO_SMALL.
 *
 * <p>Made to be used many times by one thread at a time. Each method that returns a {@link
 * CallResult} blocks like the {@link RuntimeServices} it calls. {@link #read} allocates only to
 * grow; {@link #next()} remembers the variables it has been at until {@link #restart()}.
 *
 * <p>Firmware is not trusted to end: buffers stop growing at the maximum, and a walk stops at the
 * first variable that firmware returns twice, and after {@value #WALK_LIMIT_BYTES} bytes of names
 * and GUIDs.
 */
public final class VariableReader {
  /** The maximum where none is given, in bytes: what a dispatcher's work items hold by default. */
  public static final int DEFAULT_MAXIMUM_BYTES = 64 * 1024;

  /** How many bytes of names and GUIDs a walk may return. */
  public static final int WALK_LIMIT_BYTES = 16 << 20;

  private static final int INITIAL_DATA_BYTES = 1024;

  /** Some firmware refuses larger name buffers, so this one grows only when it must. */
  private static final int INITIAL_NAME_BYTES = 512;

  private static final VariableId BEFORE_FIRST = new VariableId("", new EfiGuid(0, 0));

  private final RuntimeServices services;
  private final int maximumBytes;
  private final IntHolder attributes = new IntHolder();
  private final LongHolder size = new LongHolder();
  private final Set<VariableId> walked = new HashSet<>();
  private byte[] buffer;
  private MemorySegment segment;
  private int valueBytes;
  private VariableNameCursor cursor;
  private VariableId current = BEFORE_FIRST;
  private long walkedBytes;
  private boolean astray;

  private record VariableId(String name, EfiGuid guid) {}

  /**
   * A reader with {@link #DEFAULT_MAXIMUM_BYTES}.
   *
   * @param services what to call
   */
  public VariableReader(RuntimeServices services) {
    this(services, DEFAULT_MAXIMUM_BYTES);
  }

  /**
   * A reader.
   *
   * @param services what to call
   * @param maximumBytes how large the buffer for a value and the one for a name, NUL included, may
   *     become; at least 2 and not above the room for one call
   * @throws IllegalArgumentException if less than 2
   */
  public VariableReader(RuntimeServices services, int maximumBytes) {
    this.services = Objects.requireNonNull(services, "services");
    if (maximumBytes < Character.BYTES) {
      throw new IllegalArgumentException(
          "maximumBytes must be at least 2: maximumBytes=" + maximumBytes);
    }
    this.maximumBytes = maximumBytes;
    useBuffer(Math.min(INITIAL_DATA_BYTES, maximumBytes));
    cursor = new VariableNameCursor(even(Math.min(INITIAL_NAME_BYTES, maximumBytes)));
  }

  /**
   * Reads one variable. Does not move the walk.
   *
   * @param name the name without NUL
   * @param guid its namespace
   * @return the result of the last GetVariable made; EFI_BUFFER_TOO_SMALL if the value is larger
   *     than the maximum
   * @throws IllegalArgumentException as {@link RuntimeServices#getVariable} does for the name
   */
  public CallResult read(String name, EfiGuid guid) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(guid, "guid");
    valueBytes = 0;
    CallResult result;
    do {
      attributes.value = 0;
      size.value = buffer.length;
      result = services.getVariable(name, guid, attributes, size, segment);
    } while (isTooSmall(result) && growBuffer());
    if (result.isSuccess()) {
      // Firmware may claim a value larger than the buffer it was given; it wrote no more than that.
      valueBytes = isWithin(size.value, buffer.length) ? (int) size.value : buffer.length;
      size.value = valueBytes;
    } else if (!isTooSmall(result)) {
      size.value = 0;
    }
    return result;
  }

  /**
   * The attributes of the variable read last.
   *
   * @return attribute bits if {@link #read} returned EFI_SUCCESS or EFI_BUFFER_TOO_SMALL, otherwise
   *     0
   */
  public int attributes() {
    return attributes.value;
  }

  /**
   * The size of the variable read last.
   *
   * @return bytes: the size of {@link #data()} if {@link #read} returned EFI_SUCCESS, the size
   *     firmware asked for (unsigned) if it returned EFI_BUFFER_TOO_SMALL, otherwise 0
   */
  public long dataSize() {
    return size.value;
  }

  /**
   * The value read last.
   *
   * @return a fresh copy; empty unless {@link #read} returned EFI_SUCCESS
   */
  public byte[] data() {
    return Arrays.copyOf(buffer, valueBytes);
  }

  /**
   * Steps to the next variable, the first one after construction and {@link #restart()}. Setting
   * variables during a walk makes the rest of it unpredictable (UEFI 8.2.2).
   *
   * @return EFI_SUCCESS at a variable; EFI_NOT_FOUND at the end; EFI_BUFFER_TOO_SMALL if a name is
   *     larger than the maximum; EFI_DEVICE_ERROR, until restarted, if firmware returned an empty
   *     name, a variable it had returned before, or too many; otherwise as firmware or dispatcher
   *     answered
   */
  public CallResult next() {
    if (astray) {
      return CallResult.completed(EfiStatusCode.DEVICE_ERROR);
    }
    CallResult result;
    do {
      result = services.getNextVariableName(cursor);
    } while (isTooSmall(result) && growCursor());
    return result.isSuccess() ? arrive(result) : result;
  }

  private CallResult arrive(CallResult result) {
    VariableId arrived = new VariableId(cursor.name(), cursor.guid());
    walkedBytes += (long) Character.BYTES * arrived.name.length() + EfiGuid.SIZE_BYTES;
    if (arrived.name.isEmpty() || walkedBytes > WALK_LIMIT_BYTES || !walked.add(arrived)) {
      astray = true;
      return CallResult.completed(EfiStatusCode.DEVICE_ERROR);
    }
    current = arrived;
    return result;
  }

  /**
   * The name of the variable the walk is at.
   *
   * @return the name without NUL; empty before the first variable
   */
  public String name() {
    return current.name;
  }

  /**
   * The namespace of the variable the walk is at.
   *
   * @return the vendor GUID; all zero before the first variable
   */
  public EfiGuid guid() {
    return current.guid;
  }

  /**
   * Whether firmware led the walk astray: to an empty name, to a variable it had returned before,
   * or to too many.
   *
   * @return true if that is why {@link #next()} returns EFI_DEVICE_ERROR; false if that is
   *     firmware's own answer, and after {@link #restart()}
   */
  public boolean isAstray() {
    return astray;
  }

  /** Goes back to before the first variable. Calls nothing. */
  public void restart() {
    cursor.restart();
    walked.clear();
    walkedBytes = 0;
    astray = false;
    current = BEFORE_FIRST;
  }

  /** Grows to what firmware asked for; false if that would not help or is not allowed. */
  private boolean growBuffer() {
    if (isWithin(size.value, buffer.length) || !isWithin(size.value, maximumBytes)) {
      return false;
    }
    useBuffer(grown((int) size.value, buffer.length));
    return true;
  }

  private boolean growCursor() {
    long needed = cursor.sizeBytes();
    if (isWithin(needed, cursor.capacityBytes()) || !isWithin(needed, even(maximumBytes))) {
      return false;
    }
    // A size that is odd is no size of a name, but no reason to stop either.
    cursor = cursor.withCapacity(even(grown((int) needed + 1, cursor.capacityBytes())));
    return true;
  }

  /** At least doubles, so that firmware that always asks for a little more is soon at the end. */
  private int grown(int needed, int present) {
    return (int) Math.min(Math.max(needed, 2L * present), maximumBytes);
  }

  private void useBuffer(int bytes) {
    buffer = new byte[bytes];
    segment = MemorySegment.ofArray(buffer);
  }

  private static boolean isTooSmall(CallResult result) {
    return result.status().raw() == EfiStatusCode.BUFFER_TOO_SMALL;
  }

  private static boolean isWithin(long unsignedBytes, int limit) {
    return Long.compareUnsigned(unsignedBytes, limit) <= 0;
  }

  private static int even(int bytes) {
    return bytes & -Character.BYTES;
  }
}
