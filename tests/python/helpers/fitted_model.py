"""The model in the tables, and what scikit-learn makes of it."""

import numpy as np
from sklearn.cluster import KMeans


def model_of(built, segmentation):
    """Return centres, scaler centre and scaler scale of a segmentation."""
    rows = built.query(
        f"""
        select cluster_id, position, scaled_centroid, scaler_center, scaler_scale
        from marts.cluster_centroids where segmentation = '{segmentation}' order by 1, 2
        """
    )
    clusters, features = max(row[0] for row in rows), max(row[1] for row in rows)
    centers = np.array([row[2] for row in rows]).reshape(clusters, features)
    return centers, np.array([row[3] for row in rows[:features]]), np.array([row[4] for row in rows[:features]])


def predict(centers, scaled):
    """Return the cluster ids that scikit-learn predicts from these centres."""
    model = KMeans(len(centers), init=centers, n_init=1, max_iter=1).fit(centers)
    model.cluster_centers_ = centers
    return model.predict(scaled) + 1
