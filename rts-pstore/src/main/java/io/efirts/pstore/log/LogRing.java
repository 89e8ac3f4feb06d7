// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import io.efirts.api.spi.NanoClock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A log in memory that keeps its newest lines: many threads write, and a dump reads backwards while
 * they do, or after they were stopped for good in the middle of a line.
 *
 * <p>All memory is taken when the ring is made. A line takes as many slots as its bytes need, one
 * after the other. A line whose writer was stopped is missing, its slots are left to that writer,
 * and everybody else writes around them; should the writer ever go on, it completes its own line or
 * finds it too old.
 *
 * <p>Any thread may write and any thread may read, virtual threads, panicking ones and firmware's
 * own included; also from inside a write that is under way on the same thread. Nothing waits, locks
 * or allocates. A line takes at most as many steps as it has characters and the ring slots; a slice
 * at most a few looks at each slot.
 */
public final class LogRing implements KmsgSource {
  /** How many slots a ring has by default. */
  public static final int DEFAULT_SLOTS = 4096;

  /** How many bytes a slot has by default: most lines fit into one. */
  public static final int DEFAULT_SLOT_BYTES = 128;

  private static final int LEAST_SLOT_BYTES = 32;
  private static final int MOST_SLOT_BYTES = 1 << 16;
  private static final int MOST_RING_BYTES = 1 << 30;

  /** A line may take no more than this part of a ring, lest one line push out all others. */
  private static final int LINES_AT_LEAST = 4;

  /** A try fails only if others were faster since the look, or were stopped. */
  private static final int TRIES = 32;

  private static final int NO_LEVEL = -1;

  private final LineSlots slots;
  private final BackwardReader reader;
  private final int ringBytes;
  private final int maxLineBytes;
  private final NanoClock clock;
  private final long startNanos;

  /** The number that the next line begins with. */
  private final AtomicLong next;

  private final AtomicLong lostLines = new AtomicLong();
  private final AtomicLong cutLines = new AtomicLong();

  /** An empty ring of the default size, 512 KiB, by the JVM's clock. */
  public LogRing() {
    this(DEFAULT_SLOTS, DEFAULT_SLOT_BYTES, NanoClock.SYSTEM);
  }

  /**
   * An empty ring.
   *
   * @param slotCount how many slots: a power of two
   * @param slotBytes how many bytes each has: a power of two from 32 to 65536; all slots together
   *     have at most 1 GiB
   * @param clock dates the lines that are given a level; its time now becomes zero
   */
  public LogRing(int slotCount, int slotBytes, NanoClock clock) {
    if (slotCount < 1 || Integer.bitCount(slotCount) != 1) {
      throw new IllegalArgumentException(
          "slotCount must be a power of two: slotCount=" + slotCount);
    }
    if (slotBytes < LEAST_SLOT_BYTES
        || slotBytes > MOST_SLOT_BYTES
        || Integer.bitCount(slotBytes) != 1) {
      throw new IllegalArgumentException(
          "slotBytes must be a power of two from "
              + LEAST_SLOT_BYTES
              + " to "
              + MOST_SLOT_BYTES
              + ": slotBytes="
              + slotBytes);
    }
    if ((long) slotCount * slotBytes > MOST_RING_BYTES) {
      throw new IllegalArgumentException(
          "ring must have at most 2^30 bytes: slotCount=" + slotCount + ", slotBytes=" + slotBytes);
    }
    this.clock = Objects.requireNonNull(clock, "clock");
    slots = new LineSlots(slotCount, slotBytes);
    reader = new BackwardReader(slots);
    ringBytes = slotCount * slotBytes;
    maxLineBytes = Math.max(1, slotCount / LINES_AT_LEAST) * slotBytes;
    startNanos = clock.nanoTime();
    next = new AtomicLong(slotCount);
    useOnce();
  }

  /** Loads and links what a panicking thread would otherwise be the first to use. */
  private void useOnce() {
    long number = claim(1);
    slots.complete(number, 1, 0);
    sliceBefore(end(), 1, new KmsgSlice(new byte[1], 0));
  }

  /**
   * How long a line may be; of a longer one the rest is cut off.
   *
   * @return bytes of UTF-8, with what is put in front and with the newline: a quarter of the ring,
   *     but one slot at least
   */
  public int maxLineBytes() {
    return maxLineBytes;
  }

  /**
   * Writes a text without anything in front. Newlines part its lines; the last line may have one or
   * not. Characters that UTF-8 does not know, which are lone surrogates, become {@code ?}.
   *
   * @param text one line or more; an empty text is an empty line. Of a text with more characters
   *     than the ring has bytes the rest is cut off. If it changes meanwhile, the line is cut or
   *     filled up with {@code ?}
   */
  public void append(CharSequence text) {
    appendLines(NO_LEVEL, text);
  }

  /**
   * Writes a text as Linux does: {@code <level>[seconds.microseconds] text}, seconds in five places
   * or more, this in front of each of its lines.
   *
   * @param level how pressing, from 0 (emergency) to 7 (debug)
   * @param text as in {@link #append(CharSequence)}
   */
  public void append(int level, CharSequence text) {
    if (level < 0 || level > 7) {
      throw new IllegalArgumentException("level must be from 0 to 7: level=" + level);
    }
    appendLines(level, text);
  }

  /**
   * Writes bytes as they are, without anything in front. Newlines part the lines; the last line may
   * have one or not.
   *
   * @param bytes where they are
   * @param offset of the first
   * @param length how many; none is an empty line. Of more than the ring has the rest is cut off
   */
  public void append(byte[] bytes, int offset, int length) {
    Objects.requireNonNull(bytes, "bytes");
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      throw new IllegalArgumentException(
          "offset and length must be within the bytes: offset="
              + offset
              + ", length="
              + length
              + ", bytes="
              + bytes.length);
    }
    int end = offset + within(ringBytes, length);
    int from = offset;
    do {
      int lineEnd = from;
      while (lineEnd < end && bytes[lineEnd] != '\n') {
        lineEnd++;
      }
      writeLine(bytes, from, lineEnd - from);
      from = lineEnd + 1;
    } while (from < end);
  }

  private void writeLine(byte[] bytes, int offset, int length) {
    int fitting = within(maxLineBytes - 1, length);
    int lineBytes = fitting + 1;
    int count = slots.slotsOf(lineBytes);
    long first = claim(count);
    if (first < 0) {
      return;
    }
    long position = slots.positionOf(first);
    slots.put(position, bytes, offset, fitting);
    slots.put(position + fitting, '\n');
    slots.complete(first, count, lineBytes);
  }

  private void appendLines(int level, CharSequence text) {
    Objects.requireNonNull(text, "text");
    long elapsedNanos = level == NO_LEVEL ? 0 : clock.nanoTime() - startNanos;
    int end = within(ringBytes, text.length());
    int from = 0;
    do {
      int lineEnd = from;
      while (lineEnd < end && text.charAt(lineEnd) != '\n') {
        lineEnd++;
      }
      writeLine(level, elapsedNanos, text, from, lineEnd);
      from = lineEnd + 1;
    } while (from < end);
  }

  private void writeLine(int level, long elapsedNanos, CharSequence text, int from, int end) {
    int prefixBytes = level == NO_LEVEL ? 0 : LinePrefix.length(elapsedNanos);
    int textBytes = Utf8.fittingLength(text, from, end, maxLineBytes - prefixBytes - 1);
    int lineBytes = prefixBytes + textBytes + 1;
    int count = slots.slotsOf(lineBytes);
    long first = claim(count);
    if (first < 0) {
      return;
    }
    // The text is the caller's code: should it throw, the slots must not stay in work for ever.
    boolean written = false;
    try {
      long position = slots.positionOf(first);
      if (level != NO_LEVEL) {
        LinePrefix.put(slots, position, level, elapsedNanos);
      }
      int stopped = Utf8.put(slots, position + prefixBytes, textBytes, text, from, end);
      if (stopped < end) {
        cutLines.getAndIncrement();
      }
      slots.put(position + lineBytes - 1, '\n');
      written = true;
    } finally {
      slots.complete(first, count, written ? lineBytes : 0);
      if (!written) {
        lostLines.getAndIncrement();
      }
    }
  }

  private int within(int limit, int length) {
    if (length <= limit) {
      return length;
    }
    cutLines.getAndIncrement();
    return limit;
  }

  /**
   * Takes numbers and claims their slots. A line for which there is no room between those who were
   * stopped is lost and pushes nothing out: no number is taken for it.
   *
   * @return the first number, or -1 if the line is lost
   */
  private long claim(int count) {
    for (int i = 0; i < TRIES; i++) {
      long seen = next.get();
      int skipped = slots.distanceToRun(seen, count);
      if (skipped < 0) {
        break;
      }
      // What is left out is left out for good. Another writer that has just taken these numbers
      // looks like one that was stopped in them; behind it the same distance would leave out slots
      // that nobody has, and a reader would take them for a torn line.
      boolean taken = skipped == 0 || next.compareAndSet(seen, seen + skipped + count);
      if (taken) {
        long first = skipped == 0 ? next.getAndAdd(count) : seen + skipped;
        if (slots.claim(first, count)) {
          return first;
        }
      }
    }
    lostLines.getAndIncrement();
    return -1;
  }

  @Override
  public long end() {
    return slots.positionOf(next.get());
  }

  /**
   * As {@link KmsgSource} says. Lines that are being written, or whose writer was stopped, are left
   * out and counted; lines that have been overwritten are left out. Of a line that is given in
   * pieces and overwritten meanwhile, the remaining pieces are missing.
   */
  @Override
  public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
    if (limitBytes < 1 || limitBytes > slice.room()) {
      throw new IllegalArgumentException(
          "limitBytes must be from 1 to the slice's room: limitBytes="
              + limitBytes
              + ", room="
              + slice.room());
    }
    reader.sliceBefore(next.get(), position, limitBytes, slice);
  }

  /**
   * How many lines were never written, since others were writing in too many slots, or since their
   * text threw.
   *
   * @return a count that only grows
   */
  public long lostLines() {
    return lostLines.get();
  }

  /**
   * How often something was cut off: from a line longer than {@link #maxLineBytes}, or from a text
   * longer than the ring.
   *
   * @return a count that only grows
   */
  public long cutLines() {
    return cutLines.get();
  }

  /**
   * How often a reader came upon a gap: slots one after the other whose lines were being written or
   * never finished. Each reading counts those it meets.
   *
   * @return a count that only grows
   */
  public long tornGaps() {
    return reader.tornGaps();
  }
}
