// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.x86.paging.EntryBits;
import io.efirts.x86.paging.TableEntries;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A page directory that a {@link PageDirectoryRegistry} keeps in step. It needs no owner.
 *
 * <p>Any thread may call; nothing blocks or allocates.
 */
public final class RegisteredDirectory {
  private static final VarHandle USERS;

  static {
    try {
      USERS = MethodHandles.lookup().findVarHandle(RegisteredDirectory.class, "users", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** In {@link #users}: the directory is unregistered, and nobody begins to copy any more. */
  private static final int UNREGISTERED = Integer.MIN_VALUE;

  /** What a processor may have set in one of two equal entries and not in the other. */
  private static final long USED = EntryBits.A | EntryBits.D;

  private final PhysicalAddress root;
  private final TableEntries entries;
  private final boolean atZero;

  /** Set in every copy, and in every place that waits for one; 0 for exact copies. */
  private final long mark;

  /** How many threads copy into the directory now, or looked and saw that they must not. */
  private volatile int users;

  RegisteredDirectory(
      PhysicalAddress root, TableEntries entries, DirectoryMirror mirror, long mark) {
    this.root = root;
    this.entries = entries;
    this.atZero = mirror == DirectoryMirror.HOST_AREA_AND_AT_ZERO;
    this.mark = mark;
  }

  /**
   * Where it lies.
   *
   * @return address of its frame
   */
  public PhysicalAddress root() {
    return root;
  }

  /**
   * Whether the frame may be used for something else: the directory is unregistered, and every copy
   * that was under way then has ended. Once true, it stays true but for moments in which a late
   * thread finds out that there is nothing to do; nothing is stored in them. What was copied
   * happens before.
   *
   * @return false as long as an entry may still be stored
   */
  public boolean isQuiet() {
    return users == UNREGISTERED;
  }

  /** Lets nobody begin to copy any more; false if somebody else did before. */
  boolean close() {
    return (int) USERS.getAndBitwiseOr(this, UNREGISTERED) >= 0;
  }

  /** Makes the places of some of the host's entries equal to these. */
  void copy(TableEntries reference, HostArea area, int firstIndex, int endIndex) {
    if ((int) USERS.getAndAdd(this, 1) >= 0) {
      for (int i = firstIndex; i < endIndex; i++) {
        follow(i, reference, i);
        if (atZero && area.isDirectMap(i)) {
          follow(i - area.directMapIndex(), reference, i);
        }
      }
    }
    USERS.getAndAdd(this, -1);
  }

  /**
   * Makes one entry equal to one of the reference's, whatever others make of either meanwhile.
   *
   * <p>The entry is looked at before the reference: then what is put in is not older than what it
   * replaces, and not put in if somebody else was faster. Only where the reference has changed and
   * changed back can an older value get in; the next round finds it. Without the fence that round
   * could see the reference as it was before the copy, and miss a change whose author has seen this
   * entry as it was before the copy, and gone.
   */
  private void follow(int index, TableEntries reference, int sourceIndex) {
    while (true) {
      long own = entries.load(index);
      long copy = copyOf(reference.load(sourceIndex));
      if (isSame(own, copy)) {
        return;
      }
      entries.compareAndSet(index, own, copy);
      VarHandle.fullFence();
    }
  }

  private long copyOf(long entry) {
    return mark == 0 || isPresent(entry) ? entry | mark : mark;
  }

  private static boolean isSame(long own, long copy) {
    return own == copy || isPresent(own) && ((own ^ copy) & ~USED) == 0;
  }

  static boolean isPresent(long entry) {
    return (entry & EntryBits.P) != 0;
  }
}
